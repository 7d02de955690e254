import type { Plugin } from 'esbuild';
import type { Config } from '../../functions/config/config.ts';

/**
 * Puts the configuration into the bundle as it is after checking, with its defaults: JSON. A mistake in it then ends
 * the build instead of the function, and neither the checks nor the time they take are part of a cold start.
 */
export const checkedConfig = (config: Config): Plugin => ({
  name: 'checked-config',
  setup(context) {
    context.onLoad({ filter: /[/\\]usher\.config\.ts$/ }, () => ({
      contents: JSON.stringify(config),
      loader: 'json',
    }));
  },
});
