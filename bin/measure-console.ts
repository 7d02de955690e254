import { gzipSync } from 'node:zlib';
import { bundlePage } from '../lib/console/page-files.ts';

/** What the console's page may weigh, gzipped, in bytes. */
const limits = { script: 80_000, style: 20_000 } as const;

const files = await bundlePage();
for (const name of ['script', 'style'] as const) {
  const size = gzipSync(files[name], { level: 9 }).length;
  process.stdout.write(`${name}: ${(size / 1000).toFixed(1)} kB gzipped, at most ${limits[name] / 1000}\n`);
  if (size > limits[name]) process.exitCode = 1;
}
