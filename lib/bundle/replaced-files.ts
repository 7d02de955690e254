import { readFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import type { Plugin } from 'esbuild';

/** What stands in for a file: a text, or what is made of the file's own. */
export type Replacement = string | ((source: string, path: string) => string | Promise<string>);

/**
 * Puts other contents in the place of files of packages. When a release of a package has such a file no more, or nothing imports it any more,
 * the build fails: whoever brings the release then sees what has become of it.
 *
 * @param name of the plugin
 * @param replacements by the files' paths below `node_modules`
 */
export const replacedFiles = (name: string, replacements: Readonly<Record<string, Replacement>>): Plugin => ({
  name,
  setup(context) {
    const missing = new Set(Object.keys(replacements));
    const files = [...missing].map((file) => file.replaceAll(/[.\\-]/g, '\\$&').replaceAll('/', '[/\\\\]'));
    const filter = new RegExp(`[/\\\\]node_modules[/\\\\](${files.join('|')})$`);
    context.onLoad({ filter }, async ({ path }) => {
      const file = path.replaceAll(sep, '/').replace(/^.*\/node_modules\//, '');
      const replacement = replacements[file];
      if (replacement === undefined) return undefined;
      missing.delete(file);
      const contents =
        typeof replacement === 'string' ? replacement : await replacement(await readFile(path, 'utf8'), path);
      return { contents, loader: file.endsWith('.json') ? 'json' : 'js', resolveDir: dirname(path) };
    });
    context.onEnd(() => ({
      errors: [...missing].map((file) => ({
        text: `${file} is not part of the function any more`,
        pluginName: name,
      })),
    }));
  },
});
