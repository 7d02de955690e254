import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleFunction } from '../../lib/bundle/bundle.ts';

export interface BuiltFunction {
  /** Path of `index.mjs`. */
  path: string;
  contents: Metafile;
}

let building: Promise<BuiltFunction> | undefined;

/** Builds the function as it would be deployed, once per run. */
export function builtFunction(): Promise<BuiltFunction> {
  const folder = join(import.meta.dirname, '../../dist');
  building ??= bundleFunction(folder).then((contents) => ({ path: join(folder, 'index.mjs'), contents }));
  return building;
}
