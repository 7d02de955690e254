import { bundleFunction } from '../lib/bundle/bundle.ts';
import { bundleSize } from '../lib/bundle/bundle-size.ts';

const { files, all, start } = bundleSize(await bundleFunction('dist'));
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
process.stdout.write(`dist  ${files} files, ${kilobytes(all)}; ${kilobytes(start)} of it at start\n`);
