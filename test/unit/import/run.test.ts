import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { WebhookJob } from '../../../functions/jobs/job.ts';
import type { Deployment } from '../../../lib/commands/support/deployment.ts';
import { seenIds } from '../../../lib/import/kept-ids.ts';
import { report } from '../../../lib/import/report.ts';
import { runImport } from '../../../lib/import/run.ts';
import { inSteps } from '../../../lib/import/source.ts';
import { readState, type State } from '../../../lib/import/state.ts';
import config from '../../../usher.config.ts';
import { folder, useFolder } from '../../support/folder.ts';
import { countingRandom } from '../counting-random.ts';
import { exampleState } from './example-state.ts';

useFolder();

const { id: importId } = exampleState();
const logFile = () => join(folder, 'stack.log');
let shown: string[];
let said: string[];
let time: number;
beforeEach(async () => {
  await rm(join(folder, '.usher'), { recursive: true, force: true });
  await mkdir(join(folder, '.usher'));
  await writeFile(logFile(), '');
  [shown, said, time] = [[], [], Date.parse('2026-03-01T12:00:00.000Z')];
});
afterEach(() => {
  process.exitCode = 0;
});

const terminal = {
  out: (line: string) => said.push(line),
  err: (line: string) => said.push(line),
  rewrite: (line: string) => void shown.push(line),
  input: () => Promise.resolve(''),
  now: () => new Date(time),
};
/** Jumps; what is behind it gets a moment of the real one. */
const clock = {
  now: () => new Date(time),
  async sleep(ms: number) {
    time += ms;
    await delay(1);
  },
};

/** A queue whose jobs are done at once, but for those of which nothing is ever heard. */
function deployment(isSilent: (contactId: string) => boolean): Deployment {
  const sqs = {
    async send({ input }: { input: { MessageBody?: string } }) {
      if (input.MessageBody === undefined)
        return {
          Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
        };
      const { id, requestId, contactId = '' } = JSON.parse(input.MessageBody) as WebhookJob;
      const line = { message: 'job', action: 'add', result: 'created', job_id: id, request_id: requestId };
      const timestamp = new Date(time).toISOString();
      if (!isSilent(contactId)) await appendFile(logFile(), `${JSON.stringify({ timestamp, ...line })}\n`);
      return {};
    },
  };
  return {
    config,
    stage: undefined,
    sqs,
    queueUrl: 'queue',
    logs: { file: logFile() },
  } as unknown as Deployment;
}

async function run(
  ids: readonly string[],
  isSilent: (contactId: string) => boolean,
  state = exampleState({ total: ids.length, startedAt: new Date(time).toISOString() }),
  isStopped = () => false,
): Promise<State> {
  const seen = await seenIds(folder, state);
  const ports = { terminal, clock, random: countingRandom(), cwd: folder, seen, isStopped };
  const ended = await runImport(state, inSteps(ids, seen), { deployment: deployment(isSilent), ...ports });
  await report(
    state,
    ended,
    { json: false, command: (words) => `npx usher ${words}`, cwd: folder },
    terminal,
  );
  return state;
}

const ids = Array.from({ length: 40 }, (_, index) => `id-${index}`);

it('waits for ten minutes without news, and then says how many the queue still has', async () => {
  const began = time;
  await run(ids, (id) => id === 'id-7' || id === 'id-39');
  const minutes = (time - began) / 60_000;
  expect(minutes).toBeGreaterThan(10);
  expect(minutes).toBeLessThan(12);
  expect(said).toEqual([
    'created   38',
    `2 job(s) are still in the queue. To look again: npx usher import --resume ${importId}`,
  ]);
  expect(process.exitCode).toBe(1);
  expect(await readState(folder, 'import', importId)).toMatchObject({
    sent: 40,
    isRead: true,
    results: { created: 38 },
  });
});

it('shows how far it is, and ends when the last one is done', async () => {
  const began = time;
  await run(ids, () => false);
  // Far from the ten minutes of silence.
  expect((time - began) / 60_000).toBeLessThan(5);
  expect(shown[0]).toBe(
    'sent 40, done 0: 0 created, 0 updated, 0 unchanged, 0 refused, 0 failed; 40 to go, 1 minute(s)',
  );
  expect(shown.at(-1)).toMatch(/^sent 40, done 40: 40 created, .* 0 failed; 0 to go, 0 minute\(s\)$/);
  expect(said).toEqual(['created   40']);
  expect(process.exitCode ?? 0).toBe(0);
});

it('stops after the contact at hand, and goes on with the one behind it', async () => {
  const sent: string[] = [];
  const note = (id: string) => {
    sent.push(id);
    return false;
  };
  const state = await run(ids, note, undefined, () => sent.length >= 7);
  expect([sent.length, state.sent, state.isRead]).toEqual([7, 7, false]);
  const left = await readState(folder, 'import', importId);
  // Stopped again in what the first time had left, it reads no further.
  const again = await run(ids, note, left, () => sent.length >= 9);
  expect([sent.length, again.sent, again.isRead]).toEqual([9, 9, false]);
  const last = await run(ids, note, await readState(folder, 'import', importId));
  expect(sent).toEqual(ids);
  expect(last).toMatchObject({ sent: 40, isRead: true, sending: [] });
});
