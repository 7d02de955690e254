import { rm } from 'node:fs/promises';
import { leaksIn } from './leaks.ts';

/** After the last test: no log line of the whole run may hold a secret or an address. */
export default async function tearDown(): Promise<void> {
  await globalThis.sharedSqs?.stop();
  await globalThis.sharedDynamoDb?.stop();
  const folder = process.env['TEST_LOGS'];
  if (folder === undefined) return;
  const { leaks, lines } = await leaksIn(folder);
  await rm(folder, { recursive: true, force: true });
  if (leaks.length > 0) throw new Error(`Secrets or addresses in the log:\n${leaks.join('\n')}`);
  process.stderr.write(`No secret and no address in ${lines} log lines.\n`);
}
