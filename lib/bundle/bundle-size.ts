import type { Metafile } from 'esbuild';

/** Bytes of a built function: all of it, and what is loaded before its first event. */
export interface BundleSize {
  files: number;
  all: number;
  start: number;
}

/** Reads the sizes out of what esbuild tells of a build. */
export function bundleSize({ outputs }: Metafile): BundleSize {
  const bytesOf = (files: Iterable<string>) =>
    Array.from(files).reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  const start = new Set(Object.keys(outputs).filter((file) => /(^|\/)index\.mjs$/.test(file)));
  for (const file of start) {
    for (const { kind, path } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) start.add(path);
    }
  }
  return { files: Object.keys(outputs).length, all: bytesOf(Object.keys(outputs)), start: bytesOf(start) };
}
