import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startRemote } from '../support/remote-process.ts';
import { builtFunction } from './built-function.ts';
import type { CannedApi } from './canned-process.ts';
import { contactId } from './cpu-cases.ts';
import { functionEnvironment } from './function-environment.ts';
import { printTable } from './report.ts';
import { least, median } from './statistics.ts';
import { webhookEvent } from './webhook-event.ts';

const processes = 20;
/** Processes that go on, and how many updates each of them measures. */
const [lasting, updates] = [5, 2000];
const accessKey = 'k'.repeat(32);

const run = promisify(execFile);

/** Milliseconds of CPU time until the first `update` of a fresh process was done, and for each of so many later ones. */
export async function measureUpdates(
  path: string,
  url: string,
  count: number,
): Promise<{ first: number; warm: number }> {
  const event = webhookEvent({ wpf_action: 'update', access_key: accessKey }, { id: contactId });
  const script = join(import.meta.dirname, 'updates.mjs');
  const args = [script, pathToFileURL(path).href, JSON.stringify(event), String(count)];
  const env = {
    ...functionEnvironment,
    AWS_ENDPOINT_URL: url,
    USHER_CRM_URLS: JSON.stringify({ encharge: `${url}/` }),
  };
  const { stdout } = await run(process.execPath, args, { env, maxBuffer: 2 ** 28 });
  const [, told = ''] = /\n@(\{.*\})\n$/.exec(stdout) ?? [];
  return JSON.parse(told) as { first: number; warm: number };
}

/** CPU time of an `update` that changes a field, with AWS's SDK and HTTP, against services on this machine that always answer the same. */
export async function updatesOfProcess(): Promise<void> {
  const { path } = await builtFunction();
  const canned = await startRemote<CannedApi>(join(import.meta.dirname, 'canned-process.ts'));
  try {
    const url = await canned.call('url', accessKey);
    const first: number[] = [];
    const warm: number[] = [];
    for (let done = 0; done < processes; done += 1) first.push((await measureUpdates(path, url, 0)).first);
    for (let done = 0; done < lasting; done += 1) warm.push((await measureUpdates(path, url, updates)).warm);
    const row = (name: string, values: number[]) => [
      name,
      least(values).toFixed(2),
      median(values).toFixed(2),
    ];
    printTable(
      'CPU time of updates, ms',
      ['', 'min', 'median'],
      [
        row('first real update in a fresh process (goal: at most 165)', first),
        row('CPU of a warm update (goal: at most 1.65)', warm),
      ],
    );
  } finally {
    await canned.stop();
  }
}
