import { builtFunction } from './built-function.ts';
import { printTable } from './report.ts';

const shown = 15;

/** The npm package, or the folder of ours, that a file of the bundle comes from. */
function origin(file: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return name ?? file.split('/').slice(0, 2).join('/');
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);

/** How large the deployed function is, and what makes it so. */
export async function size(): Promise<void> {
  const { contents } = await builtFunction();
  const outputs = Object.values(contents.outputs);
  const total = outputs.reduce((sum, { bytes }) => sum + bytes, 0);
  const byOrigin = new Map<string, number>();
  for (const { inputs } of outputs) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = origin(file);
      byOrigin.set(name, (byOrigin.get(name) ?? 0) + bytesInOutput);
    }
  }
  const largest = [...byOrigin].sort(([, a], [, b]) => b - a).slice(0, shown);
  printTable(
    `Size of the function, minified: ${kilobytes(total)} kB (goal: at most 600)`,
    ['package', 'kB', '%'],
    largest.map(([name, bytes]) => [name, kilobytes(bytes), Math.round((100 * bytes) / total)]),
  );
}
