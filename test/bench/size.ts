import type { Metafile } from 'esbuild';
import { builtFunction, builtWithEveryCrm } from './built-function.ts';
import { printTable } from './report.ts';

const shown = 15;

/** The npm package, or the folder of ours, that a file of the bundle comes from. */
function origin(file: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return name ?? file.split('/').slice(0, 2).join('/');
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);

const bytesOf = ({ outputs }: Metafile) => Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);

/** The configuration grows with each connection, whatever its CRM. */
const withoutConfig = (contents: Metafile) =>
  Object.values(contents.outputs).reduce(
    (rest, { inputs }) => rest - (inputs['usher.config.ts']?.bytesInOutput ?? 0),
    bytesOf(contents),
  );

/** How large the deployed function is, and what makes it so. */
export async function size(): Promise<void> {
  const { contents } = await builtFunction();
  const outputs = Object.values(contents.outputs);
  const total = bytesOf(contents);
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
    `Size of the function, minified: ${kilobytes(total)} kB (goal: at most 600); the connectors of every CRM ${kilobytes(more)} kB more (goal: at most 60)`,
    ['package', 'kB', '%'],
    largest.map(([name, bytes]) => [name, kilobytes(bytes), Math.round((100 * bytes) / total)]),
  );
}
