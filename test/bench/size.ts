import type { Metafile } from 'esbuild';
import { bundleSize } from '../../lib/bundle/bundle-size.ts';
import { builtFunction, builtWithEveryCrm } from './built-function.ts';
import { printTable } from './report.ts';

const shown = 15;

/** The npm package, or the folder of ours, that a file of the bundle comes from. */
function origin(file: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return name ?? file.split('/').slice(0, 2).join('/');
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);

/** The configuration grows with each connection, whatever its CRM. */
const withoutConfig = (contents: Metafile) =>
  Object.values(contents.outputs).reduce(
    (rest, { inputs }) => rest - (inputs['usher.config.ts']?.bytesInOutput ?? 0),
    bundleSize(contents).all,
  );

/** How large the deployed function is, and what makes it so. */
export async function size(): Promise<void> {
  const { contents } = await builtFunction();
  const outputs = Object.values(contents.outputs);
  const { all: total, start } = bundleSize(contents);
  const more = withoutConfig((await builtWithEveryCrm()).contents) - withoutConfig(contents);
  const byOrigin = new Map<string, number>();
  for (const { inputs } of outputs) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = origin(file);
      byOrigin.set(name, (byOrigin.get(name) ?? 0) + bytesInOutput);
    }
  }
  const largest = [...byOrigin].sort(([, a], [, b]) => b - a).slice(0, shown);
  printTable(
    `bundle: ${kilobytes(total)} kB in all (goal: at most 340), ${kilobytes(start)} at start (goal: at most 290); the connectors of every CRM ${kilobytes(more)} kB more (goal: at most 60)`,
    ['package', 'kB', '%'],
    largest.map(([name, bytes]) => [name, kilobytes(bytes), Math.round((100 * bytes) / total)]),
  );
}
