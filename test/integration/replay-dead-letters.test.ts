import { setTimeout as sleep } from 'node:timers/promises';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../functions/jobs/job.ts';
import {
  type DeadJob,
  type DeadLetters,
  dropJobs,
  replayJobs,
} from '../../lib/commands/support/dead-letters.ts';
import type { Deployment } from '../../lib/commands/support/deployment.ts';
import { forEachDeadJob, type WantedJobs } from '../../lib/commands/support/for-each-dead-job.ts';
import { effectsJob, messageCounts, putJobs, putText, webhookJob } from '../support/dead-letters.ts';
import { createIo, ProcessDied } from '../support/io.ts';
import { takeJobs } from '../support/jobs.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { awsError } from './store.ts';

/** How long what a dead process has taken stays hidden, in seconds; on AWS five minutes. */
const hiddenSeconds = 0.1;

const io = createIo();
let test: TestStack;
let letters: DeadLetters & Pick<Deployment, 'command'>;
beforeAll(async () => {
  test = await startTestStack({ withPoller: false, adjust: io.adjust });
  const { services, queueUrl, deadLetterUrl } = test.stack;
  letters = { sqs: services.sqs, queueUrl, deadLetterUrl, command: (words) => words };
});
afterEach(async () => {
  io.revive();
  for (const QueueUrl of [letters.queueUrl, letters.deadLetterUrl]) {
    await letters.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }
});
afterAll(() => test.stop());

/** Shortens the waiting for the end of the dead letters, and how long they are hidden. */
function hurry(): void {
  io.before = ({ name, input }) => {
    if (
      name === 'ReceiveMessage' &&
      typeof input === 'object' &&
      input !== null &&
      'WaitTimeSeconds' in input
    ) {
      Object.assign(input, { WaitTimeSeconds: 0.02, VisibilityTimeout: hiddenSeconds });
    }
  };
}

const replayedAt = new Date();
const replayNow = (all: DeadLetters, jobs: readonly DeadJob[]) => replayJobs(all, jobs, replayedAt);
const replay = (wanted: WantedJobs = {}) => forEachDeadJob(letters, wanted, replayNow, () => undefined);
const drop = (wanted: WantedJobs = {}) => forEachDeadJob(letters, wanted, dropJobs, () => undefined);
/** What a job is about, which a replay leaves as it is: a new job has an id of its own. */
const subjects = (jobs: readonly Job[]) => jobs.map(({ contactId }) => contactId).sort();
const revived = (job: Job | undefined) => ({
  ...job,
  id: expect.not.stringMatching(String(job?.id)),
  firstId: job?.id,
  lane: 'batch',
  createdAt: replayedAt.toISOString(),
});

/** Every job that is in the job queue, front to back. */
async function queuedJobs(): Promise<Job[]> {
  return (await takeJobs(test)).map(({ job }) => job);
}

/** Two jobs of one contact, and two of others. */
function someJobs(): Job[] {
  const contactId = 'contact of two';
  return [
    webhookJob({ contactId }),
    webhookJob({ contactId }),
    webhookJob(),
    webhookJob({ connection: 'userengage' }),
  ];
}

describe('a replay that dies', () => {
  it('at any of its calls loses no job, and is finished by another', async () => {
    const deaths: string[] = [];
    for (let n = 1; ; n += 1) {
      let isOver = false;
      for (const when of ['before', 'after'] as const) {
        // One contact each: the queue then hands out all of them.
        const jobs = [webhookJob(), webhookJob(), webhookJob()];
        await putJobs(letters.sqs, letters.deadLetterUrl, jobs);
        hurry();
        io.clear();
        io.crashAt(n, when);
        await replay().catch((error: unknown) => {
          if (!(error instanceof ProcessDied)) throw error;
        });
        isOver = !io.isDead;
        deaths.push(isOver ? 'none' : `${when} ${io.calls[n - 1]?.name}`);
        io.revive();
        hurry();
        await sleep(2 * hiddenSeconds * 1000);
        await replay();
        expect([deaths.at(-1), subjects(await queuedJobs())]).toEqual([deaths.at(-1), subjects(jobs)]);
        expect(await messageCounts(letters.sqs, letters.deadLetterUrl)).toEqual({ visible: 0, hidden: 0 });
        await letters.sqs.send(new PurgeQueueCommand({ QueueUrl: letters.queueUrl }));
      }
      if (isOver) break;
    }
    expect(deaths).toEqual(
      expect.arrayContaining([
        'after SendMessageBatch',
        'before DeleteMessageBatch',
        'after DeleteMessageBatch',
      ]),
    );
  });
});

describe('a replay', () => {
  it('brings back a job that is younger than five minutes, and those behind it in their order', async () => {
    const jobs = someJobs();
    // The job queue still knows these deduplication ids.
    await putJobs(letters.sqs, letters.queueUrl, jobs);
    await letters.sqs.send(new PurgeQueueCommand({ QueueUrl: letters.queueUrl }));
    await putJobs(letters.sqs, letters.deadLetterUrl, jobs);
    hurry();
    expect(await replay()).toEqual({ done: 4, refused: 0 });
    const queued = await queuedJobs();
    expect(queued).toContainEqual(revived(jobs[0]));
    // The second of the contact is hidden behind the first.
    expect(queued).toHaveLength(3);
    expect(await messageCounts(letters.sqs, letters.queueUrl)).toEqual({ visible: 1, hidden: 3 });
  });

  it('of what is no job takes it by the id of its message, as it is', async () => {
    await putText(letters.sqs, letters.deadLetterUrl, 'not a job', 'a group');
    hurry();
    expect(await replay()).toEqual({ done: 1, refused: 0 });
    await expect(takeJobs(test)).rejects.toThrow();
  });

  it('takes nothing twice: what is dead again at once stays there', async () => {
    await putText(letters.sqs, letters.deadLetterUrl, 'not a job', 'a group');
    hurry();
    let replays = 0;
    const poisoned = async (all: DeadLetters, jobs: readonly DeadJob[]) => {
      replays += jobs.length;
      if (replays > 5) throw new Error('It is replayed for ever.');
      const gone = await replayNow(all, jobs);
      // As the function gives it up: with what it was replayed by.
      for (const { body, group, messageId } of jobs)
        await putText(all.sqs, all.deadLetterUrl, body, group, messageId);
      return gone;
    };
    expect(await forEachDeadJob(letters, {}, poisoned, () => undefined)).toEqual({ done: 1, refused: 0 });
    await sleep(5);
    expect(await drop()).toEqual({ done: 1, refused: 0 });
  });

  it('of effects waits for no write any more: it is older than the new job', async () => {
    const job = effectsJob({ awaits: 'changed_mail' });
    await putJobs(letters.sqs, letters.deadLetterUrl, [job]);
    hurry();
    await replay();
    const [again] = await queuedJobs();
    expect(again).toMatchObject({ kind: 'effects', userId: job.userId });
    expect(again).not.toHaveProperty('awaits');
  });

  it.each([
    ['SendMessageBatch', 1],
    ['DeleteMessageBatch', 2],
  ])('of jobs that %s refuses one of counts it, and it stays', async (refusing, queued) => {
    const jobs = [webhookJob(), webhookJob()];
    await putJobs(letters.sqs, letters.deadLetterUrl, jobs);
    hurry();
    const send = async (command: { input: { Entries?: { Id: string }[] } }) => {
      const name = command.constructor.name.replace(/Command$/, '');
      const refused = name === refusing ? (command.input.Entries?.splice(0, 1) ?? []) : [];
      const answer: object = await letters.sqs.send(command as never);
      return { ...answer, Failed: refused };
    };
    const stubborn = { ...letters, sqs: { send: send as DeadLetters['sqs']['send'] } };
    expect(await forEachDeadJob(stubborn, {}, replayNow, () => undefined)).toEqual({ done: 1, refused: 1 });
    expect(await queuedJobs()).toHaveLength(queued);
    await sleep(5);
    expect(await drop()).toEqual({ done: 1, refused: 0 });
  });

  it('that SQS fails in the middle of gives back what it has taken', async () => {
    await putJobs(letters.sqs, letters.deadLetterUrl, [webhookJob(), webhookJob()]);
    io.before = ({ name }) => {
      if (name === 'SendMessageBatch') throw awsError('InternalError');
    };
    await expect(replay()).rejects.toThrow('InternalError');
    await sleep(5);
    io.revive();
    hurry();
    expect(await drop()).toEqual({ done: 2, refused: 0 });
  });
});
