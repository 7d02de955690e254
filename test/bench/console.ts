import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startConsole } from '../../lib/console/console-server.ts';
import { bundlePage } from '../../lib/console/page-files.ts';
import { type StackDescription, writeStackFile } from '../../lib/dev/stack-file.ts';
import { launchChromium } from '../support/launch-chromium.ts';

/** What the page may weigh, gzipped, in kB, and how long somebody may wait, in milliseconds. */
const limits = { script: 80, style: 20, usable: 1000, filter: 100, shift: 0.05 };

const found: Record<keyof typeof limits, number> = { script: 0, style: 0, usable: 0, filter: 0, shift: 0 };
const count = 10_000;
const port = 4999;

/** A stack of which there is nothing but its log. */
async function leaveLog(folder: string): Promise<void> {
  const results = ['created', 'updated', 'unchanged', 'queued', 'refused', 'failed'];
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      timestamp: new Date(Date.now() - (count - index) * 300).toISOString(),
      message: 'webhook',
      action: 'update',
      connection: 'encharge',
      contact_id: randomUUID(),
      user_id: randomUUID(),
      result: results[index % results.length],
      ms: { key: 1, store: index % 40, crm: index % 300, total: 40 + (index % 340) },
      request_id: randomUUID(),
    }),
  );
  const log = join(folder, 'bench.log');
  await writeFile(log, `${lines.join('\n')}\n`);
  const nothing = {
    webhook: `http://127.0.0.1:${port}/`,
    inbox: '',
    endpoints: {},
    secrets: {},
    connections: {},
  };
  await writeStackFile(folder, { ...nothing, log } as unknown as StackDescription);
}

/** Runs in the page: the time from a letter to the frame that shows what it wants. */
const timeFilter = `new Promise((resolve) => {
  const search = document.getElementById('search');
  const begin = performance.now();
  search.value = 'refused';
  search.dispatchEvent(new InputEvent('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin)));
})`;

const watchShift = `globalThis.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });`;

async function measurePage(address: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByText(`of ${count} lines`).waitFor();
    await page.addInitScript(watchShift);
    await page.reload();
    await page.getByRole('row').first().waitFor();
    found.usable = (await page.evaluate('performance.now()')) as number;
    await page.getByText(`of ${count} lines`).waitFor();
    found.filter = (await page.evaluate(timeFilter)) as number;
    found.shift = (await page.evaluate('shift')) as number;
  } finally {
    await browser.close();
  }
}

const { script, style } = await bundlePage();
for (const [name, text] of Object.entries({ script, style }) as ['script' | 'style', string][])
  found[name] = gzipSync(text, { level: 9 }).length / 1000;
const folder = await mkdtemp(join(tmpdir(), 'usher-bench-'));
process.chdir(folder);
await leaveLog(folder);
const running = await startConsole({ port, consolePort: 0, write: false, since: new Date(0) });
try {
  await measurePage(running.address);
} finally {
  await running.stop();
  await rm(folder, { recursive: true });
}
for (const name of Object.keys(limits) as (keyof typeof limits)[]) {
  const isMet = found[name] <= limits[name];
  process.stdout.write(
    `${name}: ${found[name].toFixed(name === 'shift' ? 3 : 1)}, at most ${limits[name]}${isMet ? '' : '  TOO MUCH'}\n`,
  );
  if (!isMet) process.exitCode = 1;
}
