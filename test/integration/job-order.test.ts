import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createIo } from '../support/io.ts';
import { takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import { handle } from './queue-calls.ts';

const custom = { user_pass: 'made up' };

/** New contacts whose users need no effects. */
const contacts = (test: TestStack, count: number) =>
  Array.from({ length: count }, () => putContact(test, 'encharge', { email: newEmail(), tags: [], custom }));

describe('a batch of jobs of several contacts', () => {
  const io = createIo({ isPatient: false });
  let test: TestStack;
  beforeAll(async () => {
    test = await startTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
  });
  afterEach(() => test.encharge.faults.clear());
  afterAll(() => test.stop());

  /** Jobs as Lambda gets them in one batch: the queue itself hands out one of a group at a time. */
  async function batchFor(ids: readonly string[]): Promise<Message[]> {
    const batch: Message[] = [];
    const messageIds = new Map<string, number>();
    for (const id of ids) {
      await webhook(test, 'encharge', 'add', id, { async: 'true' });
    }
    // One of each group; further ones of it are made of the first.
    const taken = await takeJobs(test);
    for (const id of ids) {
      const message = taken.find(({ job }) => job.contactId === id)?.message;
      const count = (messageIds.get(id) ?? 0) + 1;
      messageIds.set(id, count);
      batch.push({ ...message, MessageId: `${id} ${count}` });
    }
    return batch;
  }

  it('is done in order', async () => {
    const [a = '', b = '', c = ''] = contacts(test, 3);
    const firstLine = test.log.length;
    expect(await handle(test, await batchFor([a, b, a, c, b]))).toEqual([]);
    const lines = test.log.slice(firstLine).filter(({ message }) => message === 'job');
    expect(lines.map(({ contact_id, result }) => [contact_id, result])).toEqual([
      [a, 'created'],
      [b, 'created'],
      [a, 'unchanged'],
      [c, 'created'],
      [b, 'unchanged'],
    ]);
  });

  it('keeps what failed, and what follows it in its group, and nothing else', async () => {
    const [a = '', b = '', c = ''] = contacts(test, 3);
    const batch = await batchFor([c, a, b, a, c, a]);
    test.encharge.faults.inject({ status: 500, pathContains: a });
    const firstLine = test.log.length;
    const failed = await handle(test, batch);
    expect(failed.sort()).toEqual([`${a} 1`, `${a} 2`, `${a} 3`]);
    // What follows is not even tried: it would overtake.
    const lines = test.log.slice(firstLine).filter(({ message }) => message === 'job');
    expect(lines.filter(({ contact_id }) => contact_id === a)).toHaveLength(1);
    expect(await test.userOf('encharge', a)).toBeUndefined();
    expect(await test.userOf('encharge', b)).toBeDefined();
    expect(await test.userOf('encharge', c)).toBeDefined();

    test.encharge.faults.clear();
    const again = batch.filter(({ MessageId = '' }) => failed.includes(MessageId));
    expect(await handle(test, again)).toEqual([]);
    expect(await test.userOf('encharge', a)).toBeDefined();
  });
});

describe('the queue', () => {
  const io = createIo();
  let test: TestStack;
  beforeAll(async () => {
    test = await startTestStack({ config: patientConfig, adjust: io.adjust });
  });
  afterAll(() => test.stop());

  it("works on one contact's webhooks one after another, and on other contacts' meanwhile", async () => {
    const ids = contacts(test, 4);
    const working: string[] = [];
    const [together, overlaps]: [number[], string[]] = [[], []];
    const contactOf = (input: unknown) =>
      String(new URL(Object(input).url).searchParams.get('people[0][id]'));
    io.before = ({ service, input }) => {
      if (service !== 'crm') return;
      const id = contactOf(input);
      if (working.includes(id)) overlaps.push(id);
      working.push(id);
      together.push(working.length);
    };
    io.after = ({ service, input }) => {
      if (service === 'crm') working.splice(working.indexOf(contactOf(input)), 1);
    };
    test.encharge.faults.inject({ latencyMs: 40 });
    const sent: unknown[] = [];
    for (const action of ['update', 'add', 'update', 'update_tags']) {
      for (const id of ids) {
        const { body } = await webhook(test, 'encharge', action, id, { async: 'true' });
        sent.push([id, body.data.job_id]);
      }
    }
    await test.idle();

    expect(overlaps).toEqual([]);
    expect(Math.max(...together)).toBeGreaterThan(1);
    const lines = test.log.filter(({ message }) => message === 'job');
    for (const id of ids) {
      const own = lines.filter(({ contact_id }) => contact_id === id);
      expect(own.map(({ job_id }) => [id, job_id])).toEqual(sent.filter((pair) => Object(pair)[0] === id));
      // The first one came before there was a user.
      expect(own.map(({ result }) => result)).toEqual(['refused', 'created', 'unchanged', 'unchanged']);
    }
  });
});
