import {
  SendMessageBatchCommand,
  type SendMessageBatchCommandInput,
  type SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import {
  type EffectsJob,
  messageGroup,
  parseJob,
  type WebhookJob,
  webhookJobId,
} from '../../../functions/jobs/job.ts';
import { createJobQueue } from '../../../functions/jobs/job-queue.ts';

const webhook: WebhookJob = {
  kind: 'webhook',
  id: 'j1',
  action: 'add',
  connection: 'encharge',
  contactId: 'c1',
  sendNotification: false,
  lane: 'live',
  receivedAt: '2026-03-01T11:59:59.000Z',
  requestId: 'r1',
  createdAt: '2026-03-01T12:00:00.000Z',
};

const effects: EffectsJob = {
  kind: 'effects',
  id: 'j2',
  userId: 'u1',
  connection: 'encharge',
  contactId: 'c1',
  lane: 'batch',
  requestId: 'r1',
  createdAt: '2026-03-01T12:00:00.000Z',
};

describe('the message group', () => {
  it('is the same for one contact, whatever is asked of it', () => {
    const other: WebhookJob = {
      ...webhook,
      id: 'j9',
      action: 'update_tags',
      role: 'customer',
      email: 'ada@example.com',
      sendNotification: true,
      requestId: 'r9',
      createdAt: '2026-03-02T12:00:00.000Z',
    };
    expect(messageGroup(other)).toBe(messageGroup(webhook));
  });

  it('is stable: jobs that wait during a deployment stay in order', () => {
    expect(messageGroup(webhook)).toBe('302a49c347c85e838e98cb99b41f03e760bcac80e5a3c52e7812cb48365bf2bb');
    expect(messageGroup(effects)).toBe('96422cd511d3a900718c1747c122804aba0ef513c5ee97dd8e09a3a4aa1c9c86');
  });

  it('is another one for anything else', () => {
    const { contactId: _contactId, ...withoutContact } = webhook;
    const groups = [
      webhook,
      effects,
      { ...webhook, contactId: 'c2' },
      { ...webhook, contactId: 'u1' },
      { ...webhook, connection: 'userengage' },
      { ...webhook, connection: 'encharge","c', contactId: '1' },
      { ...effects, userId: 'u2' },
      { ...effects, userId: 'c1' },
      { ...withoutContact, email: 'ada@example.com' },
      { ...withoutContact, email: 'eve@example.com' },
      { ...withoutContact, contactEmail: 'eva@example.com', email: 'ada@example.com' },
      { ...webhook, contactId: '' },
      { ...webhook, contactId: 'ada@example.com' },
    ].map(messageGroup);
    expect(new Set(groups).size).toBe(groups.length);
  });

  it.each(['x'.repeat(256), '👩‍👩‍👧‍👦'.repeat(36), '#/? &\n\u0000', '__proto__'])(
    'fits SQS for contact %j',
    (contactId) => {
      expect(messageGroup({ ...webhook, contactId })).toMatch(/^[0-9a-f]{1,128}$/);
    },
  );
});

describe('the id of a webhook’s job', () => {
  it('is the same however often the webhook is stored, and fits SQS', () => {
    const { requestId, connection, contactId } = webhook;
    const id = webhookJobId(webhook);
    expect(webhookJobId({ requestId, connection, contactId })).toBe(id);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another one for every other request, contact, address or connection', () => {
    const ids = [
      webhook,
      { ...webhook, requestId: 'r2' },
      { ...webhook, contactId: 'c2' },
      { ...webhook, connection: 'userengage' },
      { ...webhook, contactId: '' },
      { ...webhook, contactId: undefined, email: 'ada@example.com' },
      { ...webhook, contactId: undefined, email: 'eve@example.com' },
      { ...webhook, contactId: undefined, contactEmail: 'eva@example.com', email: 'ada@example.com' },
      { ...webhook, contactId: 'ada@example.com' },
    ].map(webhookJobId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a message', () => {
  it.each([
    webhook,
    effects,
    { ...effects, awaits: 'welcome_mail' },
    { ...webhook, lane: 'batch', after: 'failure' },
    { ...webhook, after: 'contact_not_found' },
    { ...webhook, contactId: undefined, email: 'ada@example.com', role: 'customer' },
    { ...webhook, contactId: undefined, contactEmail: 'ada@example.com' },
  ])('comes back as it was sent: $kind', (job) => {
    expect(parseJob(JSON.stringify(job))).toEqual(job);
  });

  it('of an earlier release came in when it was queued', () => {
    const { receivedAt: _receivedAt, ...earlier } = webhook;
    expect(parseJob(JSON.stringify({ ...earlier, wasTried: true }))).toEqual({
      ...webhook,
      receivedAt: webhook.createdAt,
    });
  });

  it.each([webhook, effects])(
    'of an earlier release stands in the live line: $kind',
    ({ lane: _lane, ...earlier }) => {
      expect(parseJob(JSON.stringify(earlier)).lane).toBe('live');
    },
  );

  it.each([
    ['', 'no JSON'],
    ['{"kind":"other"}', 'of another kind'],
    ['null', 'nothing'],
    [JSON.stringify({ ...webhook, action: undefined }), 'without an action'],
    [JSON.stringify({ ...webhook, sendNotification: 'true' }), 'with a text for a boolean'],
    [JSON.stringify({ ...effects, userId: undefined }), 'without its user'],
    [JSON.stringify({ ...webhook, lane: 'fast' }), 'in a line that there is not'],
    [JSON.stringify({ ...webhook, after: 'lunch' }), 'after what is no reason'],
    [JSON.stringify({ ...effects, awaits: 'return_password' }), 'for what is never asked for later'],
  ])('%s is refused: %s', (body) => {
    expect(() => parseJob(body)).toThrow();
  });
});

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
