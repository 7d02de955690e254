import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { allUsers } from '../../functions/users/all-users.ts';
import { startDynamoDb } from '../../lib/dev/dynamodb.ts';
import { localClient } from '../../lib/dev/local-client.ts';
import { jsonLog } from '../../lib/dev/local-log.ts';
import { startLocalStack } from '../../lib/dev/local-stack.ts';
import { describeStack, writeStackFile } from '../../lib/dev/stack-file.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { seededRandom } from '../integration/seeded-random.ts';
import { inconsistencies } from '../integration/table-state.ts';
import { startFakeSes } from '../support/fake-ses.ts';

/**
 * `usher import --notify` of many contacts, killed again and again at points that a seed chooses, over the whole local stack in real
 * time: in the end each contact is a user once, with one mail. `npm run trial:kills -- 10000 20 7`
 */
const [count = 10_000, kills = 20, seed = 7] = process.argv.slice(2).map(Number);
const random = seededRandom(seed);
const folder = await mkdtemp(join(tmpdir(), 'usher-kills-'));
const logFile = join(folder, 'stack.log');
writeFileSync(logFile, '');
const ses = await startFakeSes();
const dynamodb = await startDynamoDb();
let created = 0;
const stack = await startLocalStack({
  config: withoutPasswords,
  port: 0,
  log: jsonLog((line) => {
    appendFileSync(logFile, `${line}\n`);
    if ((JSON.parse(line) as { result?: string }).result === 'created') created += 1;
  }),
  running: { dynamodb: dynamodb.endpoint, ses: ses.endpoint },
  tableName: `kills-${randomUUID()}`,
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
await writeStackFile(folder, describeStack(stack, logFile));
const people = stack.connections['encharge']?.sandbox?.people;
if (!people) throw new Error('There is no sandbox.');
for (const { id } of people.list()) people.remove(id);
for (let made = 0; made < count; made += 1)
  people.put({ email: `person-${made}@example.com`, tags: ['member'] });

const usher = join(import.meta.dirname, '../../bin/usher.ts');
const port = ['--port', new URL(stack.webhook).port];
const start = (args: readonly string[]) =>
  spawn(usher, [...args, ...port], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
async function stateId(): Promise<string | undefined> {
  const names = await readdir(join(folder, '.usher'));
  return names.map((name) => /^import-(.*)\.json$/.exec(name)?.[1]).find((id) => id !== undefined);
}
const faults: string[] = [];
const expect = (isSo: boolean, what: string) => {
  if (!isSo) faults.push(what);
};

try {
  const points = Array.from({ length: kills }, () => random.int(count)).sort((one, other) => one - other);
  let args = ['import', 'encharge', '--tag', 'member', '--notify', '--yes', '--rate', '50'];
  for (const point of points) {
    const child = start(args);
    const ended = once(child, 'close');
    child.stdout?.resume();
    child.stderr?.resume();
    // One that is at its end already has nothing to be killed in.
    while ((created < point || (await stateId()) === undefined) && child.exitCode === null) await delay(5);
    child.kill('SIGKILL');
    await ended;
    process.stderr.write(`killed at ${created} of ${count}\n`);
    args = ['import', '--resume', String(await stateId())];
  }
  const child = start([...args, '--json']);
  const ended = once(child, 'close');
  const [out] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  const summary = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as {
    id: string;
    sent: number;
    results: object;
  };
  while (ses.mails.length < count && stack.poller) await stack.poller.idle();
  // Not the function's client, which gives up a slow machine after three seconds.
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(dynamodb.endpoint)));
  const users = { documents, name: stack.table, now: () => new Date() };
  const byContact = new Map<string, number>();
  let imported = 0;
  for await (const { contacts, importedBy } of allUsers(users)) {
    byContact.set(String(contacts['encharge']), (byContact.get(String(contacts['encharge'])) ?? 0) + 1);
    if (importedBy === summary.id) imported += 1;
  }
  expect(code === 0, `ended with ${code}`);
  expect(summary.sent === count, `sent ${summary.sent}`);
  expect(
    JSON.stringify(summary.results) === JSON.stringify({ created: count }),
    JSON.stringify(summary.results),
  );
  expect(imported === count, `${imported} users are of this import`);
  expect(
    people.list().every(({ id }) => byContact.get(id) === 1),
    'a contact is not a user exactly once',
  );
  expect(new Set(ses.mails.map(({ to }) => to.join())).size === count, 'somebody has no mail');
  expect(ses.mails.length === count, `${ses.mails.length} mails`);
  const wrong = await inconsistencies(users);
  expect(wrong.length === 0, `${wrong.length} items of the table do not fit`);
  const verified = start(['verify']);
  verified.stdout?.resume();
  verified.stderr?.resume();
  const [verdict] = (await once(verified, 'close')) as [number | null];
  expect(verdict === 0, `usher verify ended with ${verdict}`);
  process.stdout.write(
    `${faults.length === 0 ? 'ok  ' : 'BAD '} ${count} contacts, ${kills} kills, seed ${seed}: ${JSON.stringify(summary)}, ${ses.mails.length} mails\n`,
  );
  for (const fault of faults) process.stdout.write(`     ${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await stack.stop();
  await ses.stop();
  await dynamodb.stop();
  await rm(folder, { recursive: true, force: true });
}
