import { stat } from 'node:fs/promises';
import { bundleFunction } from '../lib/bundle/bundle.ts';

await bundleFunction('dist');
const { size } = await stat('dist/index.mjs');
process.stdout.write(`dist/index.mjs  ${(size / 1000).toFixed(0)} kB\n`);
