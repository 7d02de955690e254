import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Job } from '../../functions/jobs/job.ts';
import { loggedId } from '../../functions/runtime/log.ts';
import { newEmail, putContact } from '../integration/contacts.ts';
import { cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import {
  effectsJob,
  handedOut,
  messageCounts,
  putJobs,
  putText,
  webhookJob,
} from '../support/dead-letters.ts';
import { expectRefusals } from '../support/expect-refusals.ts';

useCliStack();
afterEach(async () => {
  const { services, deadLetterUrl } = cli.test.stack;
  await services.sqs.send(new PurgeQueueCommand({ QueueUrl: deadLetterUrl }));
});

const sqs = () => cli.test.stack.services.sqs;
const dead = () => cli.test.stack.deadLetterUrl;

describe('usher dlq, the local stack', () => {
  it('lists what may be known of dead jobs, and leaves them as they are', async () => {
    const secretive = webhookJob({ contactId: 'grace@example.com', email: 'hopper@example.com' });
    const withoutContact = webhookJob({ contactId: undefined, email: 'hopper@example.com' });
    const effects = effectsJob();
    await putJobs(sqs(), dead(), [secretive, withoutContact, effects]);
    await putText(sqs(), dead(), '{"email":"ada@example.com"}', 'a group');

    const { code, out } = await cli.local(['dlq', 'list', '--json']);
    expect(code).toBe(0);
    const shared = ({ id, connection, requestId, createdAt }: Job) => {
      return { job_id: id, connection, request_id: requestId, created: createdAt, tries: 1 };
    };
    const webhook = { kind: 'webhook', action: 'update' };
    expect(jsonLines(out)).toEqual(
      expect.arrayContaining([
        { ...webhook, ...shared(secretive), contact_id: loggedId('grace@example.com', false) },
        { ...webhook, ...shared(withoutContact) },
        {
          kind: 'effects',
          action: 'effects',
          ...shared(effects),
          contact_id: effects.contactId,
          user_id: effects.userId,
        },
        { kind: 'unknown', job_id: expect.any(String), created: expect.any(String), tries: 1 },
      ]),
    );
    expect(out).not.toContain('@example.com');

    const readable = await cli.local(['dlq', 'list']);
    expect(readable.err).toBe('4 of about 4 dead job(s)\n');
    expect(readable.out).toContain(
      `13 h old     2 tries  contact ${loggedId('grace@example.com', false)}  job ${secretive.id}`,
    );
    expect(readable.out).not.toContain('@example.com');
    const limited = await cli.local(['dlq', 'list', '--limit', '1', '--connection', 'encharge']);
    expect(limited.out.trim().split('\n')).toHaveLength(1);
    expect(await handedOut(sqs(), dead())).toBe(4);
  });

  it('replays jobs: they are worked on, and gone from the dead letters', async () => {
    const email = newEmail();
    const contactId = putContact(cli.test, 'encharge', { email, tags: ['replayed'] });
    const job = webhookJob({ action: 'add', contactId });
    const other = webhookJob({ connection: 'userengage', contactId: '1' });
    await putJobs(sqs(), dead(), [job, other]);

    const { code, out } = await cli.local(['dlq', 'replay', '--job', job.id, '--json']);
    expect(code).toBe(0);
    expect(jsonLines(out)).toEqual([{ replayed: 1, refused: 0 }]);
    await cli.test.idle();
    expect(await cli.test.userOf('encharge', contactId)).toMatchObject({ email, tags: ['replayed'] });

    expect(await cli.local(['dlq', 'replay', '--connection', 'encharge'])).toEqual({
      code: 0,
      out: '0 job(s) replayed.\n',
      err: '',
    });
    expect(await cli.local(['dlq', 'replay'])).toEqual({ code: 0, out: '1 job(s) replayed.\n', err: '' });
    expect(await messageCounts(sqs(), dead())).toEqual({ visible: 0, hidden: 0 });
  });

  it('drops jobs, when told that it may', async () => {
    const [first, second] = [webhookJob(), webhookJob()];
    await putJobs(sqs(), dead(), [first, second]);
    const unsure = await cli.local(['dlq', 'drop', '--all']);
    expect(unsure).toEqual({
      code: 1,
      out: '',
      err: 'This drops every dead job in the local stack for good. There is no terminal to ask on: add --yes if you are sure.\n',
    });
    expect(await messageCounts(sqs(), dead())).toEqual({ visible: 2, hidden: 0 });
    const one = await cli.local(['dlq', 'drop', '--job', first.id, '--yes', '--json']);
    expect({ code: one.code, out: jsonLines(one.out) }).toEqual({
      code: 0,
      out: [{ dropped: 1, refused: 0 }],
    });
    expect(await cli.local(['dlq', 'drop', '--all', '--yes'])).toEqual({
      code: 0,
      out: '1 job(s) dropped.\n',
      err: '',
    });
    expect(await messageCounts(sqs(), dead())).toEqual({ visible: 0, hidden: 0 });
  });
});

describe('usher dlq, a stage', () => {
  it('lists, replays and drops', async () => {
    const [replayed, dropped] = [webhookJob({ connection: 'userengage', contactId: '1' }), webhookJob()];
    await putJobs(sqs(), dead(), [replayed, dropped]);
    const list = await cli.deployed(['dlq', 'list', '--json', '--job', dropped.id]);
    expect(jsonLines(list.out)).toEqual([expect.objectContaining({ job_id: dropped.id })]);
    const replay = await cli.deployed(['dlq', 'replay', '--connection', 'userengage', '--json']);
    expect(jsonLines(replay.out)).toEqual([{ replayed: 1, refused: 0 }]);
    await cli.test.idle();
    // It is a new job, of the same webhook.
    const line = cli.test.log.find(({ request_id }) => request_id === replayed.requestId);
    expect(line).toMatchObject({
      error_code: 'user_not_found',
      job_id: expect.not.stringContaining(replayed.id),
    });
    const drop = await cli.deployed(['dlq', 'drop', '--all', '--yes', '--json']);
    expect(jsonLines(drop.out)).toEqual([{ dropped: 1, refused: 0 }]);
    expect(await messageCounts(sqs(), dead())).toEqual({ visible: 0, hidden: 0 });
  });
});

describe('usher dlq', () => {
  it('is done with many, of which SQS hands out ten at a time', async () => {
    // Of contacts without a user, which are over at once.
    const jobs = Array.from({ length: 25 }, () => webhookJob());
    // Three of one contact: each is hidden behind the one before.
    const last = jobs.at(-1);
    const same = [1, 2].map(() => webhookJob({ contactId: last?.contactId }));
    await putJobs(sqs(), dead(), [...jobs, ...same]);
    const { err } = await cli.local(['dlq', 'list']);
    expect(err).toBe('25 of about 27 dead job(s)\n');
    const { out } = await cli.local(['dlq', 'replay']);
    expect(out).toBe('27 job(s) replayed.\n');
    await cli.test.idle();
    const done = cli.test.log
      .filter(({ error_code }) => error_code === 'user_not_found')
      .map(({ request_id }) => request_id);
    expect([...jobs, ...same].filter(({ requestId }) => !done.includes(requestId))).toEqual([]);
  });

  it('refuses what it cannot do', async () => {
    await expectRefusals(cli.local, [
      [['dlq', 'drop', '--yes'], 2, 'Say which jobs'],
      [['dlq', 'drop', '--all', '--job', 'x'], 2, 'cannot be used with'],
      [['dlq', 'replay', '--job', 'x'], 1, 'There is no such job'],
      [['dlq', 'list', '--limit', '0'], 2, 'Write a number'],
    ]);
  });

  it('says which permission is missing', async () => {
    cli.stage.refuse('GetQueueAttributes', 'AccessDenied');
    cli.stage.account.outputs['DeadLetterQueueUrl'] =
      `${cli.stage.endpoint}/000000000000/usher-jobs-dead.fifo`;
    const env = { ...cli.stage.env, AWS_ENDPOINT_URL_SQS: cli.stage.endpoint };
    await expectRefusals(
      (args) => cli.deployed(args, undefined, env),
      [
        [['dlq', 'list'], 1, 'may not do this (GetQueueAttributes)'],
        [['dlq', 'replay'], 1, 'may not do this (GetQueueAttributes)'],
      ],
    );
  });
});
