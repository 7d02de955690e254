import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as settle } from 'node:timers/promises';
import type { ListPage } from '../../functions/crm/contact-list.ts';
import type { WebhookJob } from '../../functions/jobs/job.ts';
import type { Deployment } from '../../lib/commands/support/deployment.ts';
import { countContacts } from '../../lib/import/count.ts';
import { createJudge } from '../../lib/import/judge.ts';
import { runImport } from '../../lib/import/run.ts';
import { newState } from '../../lib/import/state.ts';
import { walk } from '../../lib/import/walk.ts';
import config from '../../usher.config.ts';

/**
 * The memory of `usher import` with as many contacts as are asked for: its count, its walk through the list, its state and its log, and
 * everything behind it played by nothing. `node test/trial/import-memory.ts 100000`
 */
const count = Number(process.argv[2] ?? 100_000);
const folder = await mkdtemp(join(tmpdir(), 'usher-memory-'));
const file = join(folder, 'stack.log');
await writeFile(file, '');

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const read = (place: string | undefined): Promise<ListPage> => {
  const at = Number(place ?? 0);
  const size = Math.max(Math.min(100, count - at), 0);
  const contacts = Array.from({ length: size }, (_, index) => {
    return { id: idOf(at + index), email: `somebody.with.a.name.${at + index}@example.com` };
  });
  const next = size > 1 ? String(at + size - 1) : undefined;
  return Promise.resolve({ contacts, next, before: at === 0 ? undefined : String(Math.max(at - 99, 0)) });
};

let lines: string[] = [];
const sqs = {
  async send({ input }: { input: { MessageBody?: string } }) {
    if (input.MessageBody === undefined) return {};
    const { id, requestId } = JSON.parse(input.MessageBody) as WebhookJob;
    const timestamp = new Date().toISOString();
    lines.push(
      JSON.stringify({
        timestamp,
        message: 'job',
        action: 'add',
        result: 'created',
        job_id: id,
        request_id: requestId,
      }),
    );
    if (lines.length < 100) return {};
    await appendFile(file, `${lines.join('\n')}\n`);
    lines = [];
    return {};
  },
};
const users = {
  name: 'none',
  now: () => new Date(),
  documents: { send: () => Promise.resolve({ Responses: {} }) },
};
const clock = { now: () => new Date(), sleep: () => settle() };
const deployment = {
  config,
  stage: undefined,
  sqs,
  queueUrl: 'none',
  users,
  logs: { file },
} as unknown as Deployment;
const connection = config.connections['encharge'];
if (!connection) throw new Error('The configuration has no such connection.');
const judge = createJudge({
  users: deployment.users,
  config,
  connection: { name: 'encharge', settings: connection },
  load: () => Promise.resolve(undefined),
  emailOf: () => undefined,
});
const { counts } = await countContacts(walk(read, undefined, new Set()), judge, undefined);
const state = newState({
  id: '00000000-0000-4000-8000-00000000abcd',
  kind: 'import',
  target: 'port 4000',
  connection: 'encharge',
  by: 'all',
  of: '',
  notify: false,
  rate: 50,
  startedAt: new Date().toISOString(),
});
const terminal = {
  out: () => undefined,
  err: () => undefined,
  input: () => Promise.resolve(''),
  now: clock.now,
};
const ending = setInterval(() => {
  const rest = lines;
  lines = [];
  if (rest.length > 0) void appendFile(file, `${rest.join('\n')}\n`);
}, 50);
const ports = { deployment, terminal, clock, cwd: folder, total: count, isStopped: () => false };
const { tally, open } = await runImport(state, walk(read, undefined, new Set()), ports);
clearInterval(ending);
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(
  `${megabytes < 150 ? 'ok  ' : 'MUCH'} ${count} contacts: ${counts.created} counted, ${tally.done} done, ${open} open, ${megabytes.toFixed(0)} MB at most\n`,
);
if (megabytes >= 150 || tally.done !== count) process.exitCode = 1;
await rm(folder, { recursive: true, force: true });
