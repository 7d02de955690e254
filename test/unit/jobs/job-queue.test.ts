import {
  SendMessageBatchCommand,
  type SendMessageBatchCommandInput,
  type SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { messageGroup, parseJob, type WebhookJob } from '../../../functions/jobs/job.ts';
import { createJobQueue } from '../../../functions/jobs/job-queue.ts';

const job = (number: number): WebhookJob => ({
  kind: 'webhook',
  id: `j${number}`,
  action: 'add',
  connection: 'encharge',
  contactId: `c${number}`,
  sendNotification: false,
  lane: 'batch',
  receivedAt: '2026-03-01T12:00:00.000Z',
  requestId: 'r1',
  createdAt: '2026-03-01T12:00:00.000Z',
});
const jobs = (count: number) => Array.from({ length: count }, (_, index) => job(index + 1));

type Sent = SendMessageBatchCommand | SendMessageCommand;

/** An SQS that keeps what it gets, and refuses the entries it is told to. */
function fakeSqs(refuses: (id: string, attempt: number) => boolean = () => false) {
  const sent: Sent[] = [];
  const attempts = new Map<string, number>();
  const state = { underWay: 0, most: 0 };
  const send = async (command: Sent) => {
    sent.push(command);
    state.underWay += 1;
    state.most = Math.max(state.most, state.underWay);
    await new Promise((resolve) => setImmediate(resolve));
    state.underWay -= 1;
    if (!(command instanceof SendMessageBatchCommand)) return {};
    const refused = (command.input.Entries ?? []).filter(({ Id = '' }) => {
      const attempt = (attempts.get(Id) ?? 0) + 1;
      attempts.set(Id, attempt);
      return refuses(Id, attempt);
    });
    return refused.length === 0 ? {} : { Failed: refused.map(({ Id }) => ({ Id })) };
  };
  const queue = createJobQueue({ send } as Pick<SQSClient, 'send'>, 'https://queue.example.com');
  const batches = () => sent.map(({ input }) => (input as SendMessageBatchCommandInput).Entries ?? []);
  return { queue, sent, state, batches };
}

describe('sending jobs', () => {
  it('sends one alone', async () => {
    const { queue, sent } = fakeSqs();
    await queue.send([job(1)]);
    expect(sent.map(({ input }) => input as SendMessageCommandInput)).toEqual([
      {
        QueueUrl: 'https://queue.example.com',
        MessageBody: JSON.stringify(job(1)),
        MessageGroupId: messageGroup(job(1)),
        MessageDeduplicationId: 'j1',
      },
    ]);
  });

  it.each(['👩‍👩‍👧‍👦', 'é', '\uFFFE\uFFFF', '\u0000\u007F', '\uD83D', '"\\u0041'])(
    'sends %j in ASCII',
    async (contactId) => {
      const { queue, sent } = fakeSqs();
      await queue.send([{ ...job(1), contactId }]);
      const [{ MessageBody = '' } = {}] = sent.map(({ input }) => input as Partial<SendMessageCommandInput>);
      expect(MessageBody).toMatch(/^[\x20-\x7E]+$/);
      expect(parseJob(MessageBody)).toEqual({ ...job(1), contactId });
    },
  );

  it('sends none without a call', async () => {
    const { queue, sent } = fakeSqs();
    await queue.send([]);
    expect(sent).toEqual([]);
  });

  it.each([
    [2, 1],
    [10, 1],
    [11, 2],
    [1000, 100],
  ])('sends %i in %i batches, each once, at most ten at a time', async (count, calls) => {
    const { queue, state, batches } = fakeSqs();
    await queue.send(jobs(count));
    expect(batches()).toHaveLength(calls);
    expect(Math.max(...batches().map((entries) => entries.length))).toBeLessThanOrEqual(10);
    expect(state.most).toBe(Math.min(calls, 10));
    const ids = batches().flatMap((entries) =>
      entries.map(({ MessageDeduplicationId }) => MessageDeduplicationId),
    );
    expect(ids.sort()).toEqual(
      jobs(count)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('sends entries again that were refused, and only those', async () => {
    const { queue, batches } = fakeSqs(
      (id, attempt) => (id === 'j2' && attempt < 3) || (id === 'j3' && attempt < 2),
    );
    await queue.send(jobs(4));
    expect(batches().map((entries) => entries.map(({ Id }) => Id))).toEqual([
      ['j1', 'j2', 'j3', 'j4'],
      ['j2', 'j3'],
      ['j2'],
    ]);
  });

  it('fails when an entry is refused again and again: nothing is said to be stored that is not', async () => {
    const { queue, batches } = fakeSqs((id) => id === 'j2');
    await expect(queue.send(jobs(3))).rejects.toThrow(
      expect.objectContaining({ code: 'aws_unavailable', retryable: true }),
    );
    expect(batches()).toHaveLength(3);
  });

  it('fails when SQS does', async () => {
    const send = () => Promise.reject(new Error('down'));
    const queue = createJobQueue({ send } as Pick<SQSClient, 'send'>, 'https://queue.example.com');
    await expect(queue.send([job(1)])).rejects.toThrow('down');
    await expect(queue.send(jobs(30))).rejects.toThrow('down');
  });
});

describe('storing a batch', () => {
  const idsOf = (from: number, to: number) =>
    jobs(to)
      .slice(from - 1)
      .map(({ id }) => id);

  it('misses none when SQS takes them all, at the second try too', async () => {
    const { queue } = fakeSqs((_id, attempt) => attempt < 2);
    expect(await queue.store(jobs(25))).toEqual(new Set());
  });

  it('says which SQS refuses again and again', async () => {
    const { queue } = fakeSqs((id) => id === 'j2' || id === 'j25');
    expect(await queue.store(jobs(25))).toEqual(new Set(['j2', 'j25']));
  });

  it('does not say of a call that failed that its jobs are there', async () => {
    const { queue, sent } = fakeSqs();
    const send = (command: SendMessageBatchCommand) =>
      command.input.Entries?.some(({ Id }) => Id === 'j11')
        ? Promise.reject(new Error('reset'))
        : Promise.resolve({});
    const failing = createJobQueue({ send } as Pick<SQSClient, 'send'>, 'https://queue.example.com');
    expect(await failing.store(jobs(25))).toEqual(new Set(idsOf(11, 20)));
    expect(await queue.store([])).toEqual(new Set());
    expect(sent).toEqual([]);
  });

  it('a single one is a batch too', async () => {
    const { queue, batches } = fakeSqs((id) => id === 'j1');
    expect(await queue.store([job(1)])).toEqual(new Set(['j1']));
    expect(batches()).toHaveLength(3);
  });
});
