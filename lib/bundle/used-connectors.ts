import type { Plugin } from 'esbuild';
import type { Config } from '../../functions/config/config.ts';

/** Leaves out the connectors that no connection uses: with forty of them the function would start slower for nothing. */
export const usedConnectors = ({ connections }: Config): Plugin => ({
  name: 'used-connectors',
  setup(context) {
    const used = [...new Set(Object.values(connections).map(({ crm }) => crm))].sort();
    context.onLoad({ filter: /[/\\]functions[/\\]crm[/\\]connectors\.ts$/ }, () => ({
      contents: used.map((crm) => `export { ${crm} } from './connectors/${crm}.ts';`).join('\n'),
      loader: 'ts',
    }));
  },
});
