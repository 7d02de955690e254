import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createIo } from '../support/io.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import { request, webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import { drain } from './work.ts';

const io = createIo();
let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
  // The keys are read once per process; the budgets are those of a process that has them.
  await webhook(test, 'encharge', 'test', '');
});
beforeEach(() => drain(test, io));
afterAll(() => test.stop());

/** The calls that a webhook makes, in order. */
async function callsOf(action: string, id: string, query: Record<string, string> = {}) {
  io.clear();
  const answer = await webhook(test, crm, action, id, query);
  return { answer, calls: io.calls.map(({ service, name }) => `${service} ${name}`) };
}

/** A user whose contact says the same. */
async function newUser(tags: readonly string[] = ['here']) {
  const email = newEmail();
  const id = putContact(test, crm, { email, tags, custom: { user_pass: 'made-up-password' } });
  await webhook(test, crm, 'add', id);
  return { id, email, tags };
}

/** The first read asks for the connection's pause as well. */
const pull = ['dynamodb BatchGet', 'dynamodb Get', 'crm GET'];

describe('what a webhook costs', () => {
  it.each(['update_tags', 'update', 'add'])(
    '%s with nothing changed: two reads, a pull, and a look left behind',
    async (action) => {
      const { id } = await newUser();
      const { answer, calls } = await callsOf(action, id);
      expect(answer.body.data.result).toBe('unchanged');
      expect(calls).toEqual([...pull, 'dynamodb Update']);
    },
  );

  it.each([
    ['a field', { city: 'Paris' }, 'Update'],
    ['tags', { tags: ['there'] }, 'TransactWrite'],
    ['fields and tags', { city: 'Paris', tags: ['there', 'and there'] }, 'TransactWrite'],
  ] as const)('update with %s changed: one write more', async (_what, change, write) => {
    const { id, email, tags } = await newUser();
    putContact(test, crm, { email, tags, ...change }, id);
    const { answer, calls } = await callsOf('update', id);
    expect(answer.body.data.result).toBe('updated');
    expect(calls).toEqual([...pull, `dynamodb ${write}`]);
  });

  it('update with another address: one look at it more, and a job to tell of it', async () => {
    const { id, tags } = await newUser();
    putContact(test, crm, { email: newEmail(), tags }, id);
    const { calls } = await callsOf('update', id);
    expect(calls).toEqual([...pull, 'dynamodb BatchGet', 'sqs SendMessage', 'dynamodb TransactWrite']);
  });

  it('add of a new contact: two reads, a pull, a message for the effects, one transaction', async () => {
    const id = putContact(test, crm, { email: newEmail(), tags: ['one', 'two'] });
    const { answer, calls } = await callsOf('add', id, { send_notification: 'true' });
    expect(answer.body.data.result).toBe('created');
    expect(calls).toEqual([
      'dynamodb BatchGet',
      'crm GET',
      'dynamodb BatchGet',
      'sqs SendMessage',
      'dynamodb TransactWrite',
    ]);
  });

  it('add without effects: no message', async () => {
    const custom = { user_pass: 'made-up-password' };
    const id = putContact(test, crm, { email: newEmail(), tags: ['one'], custom });
    const { answer, calls } = await callsOf('add', id);
    expect(answer.body.data.result).toBe('created');
    expect(calls).toEqual(['dynamodb BatchGet', 'crm GET', 'dynamodb BatchGet', 'dynamodb TransactWrite']);
  });

  it.each(['update', 'update_tags'])(
    '%s of a contact without a user: a read, a look left behind, and another read; no call of the CRM',
    async (action) => {
      const id = putContact(test, crm, { email: newEmail(), tags: [] });
      const { answer, calls } = await callsOf(action, id);
      expect(answer.body.error.code).toBe('user_not_found');
      expect(calls).toEqual(['dynamodb BatchGet', 'dynamodb Update', 'dynamodb BatchGet']);
    },
  );

  it('async: one message', async () => {
    const { id } = await newUser();
    const { answer, calls } = await callsOf('update', id, { async: 'true' });
    expect(answer.status).toBe(202);
    expect(calls).toEqual(['sqs SendMessage']);
  });

  it('a wrong key: nothing while the keys are known since less than 10 seconds', async () => {
    const wrongKey = () =>
      request(test, {
        query: { wpf_action: 'add', access_key: randomBytes(24).toString('base64url') },
        body: JSON.stringify({ id: 'anything' }),
      });
    io.advance(11_000);
    await wrongKey();
    io.clear();
    const answers = await Promise.all(Array.from({ length: 20 }, wrongKey));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    expect(io.calls).toEqual([]);
  });
});

it('a batch of 25: three messages to the queue, nothing else', async () => {
  io.clear();
  const contacts = Array.from({ length: 25 }, () => ({
    id: putContact(test, 'encharge', { email: null, tags: [] }),
  }));
  const accessKey = String(test.stack.connections['encharge']?.accessKey);
  const answer = await request(test, {
    query: { wpf_action: 'update', access_key: accessKey },
    body: JSON.stringify(contacts),
  });
  expect(answer.status).toBe(202);
  expect(io.calls.map(({ service, name }) => `${service} ${name}`)).toEqual(
    Array.from({ length: 3 }, () => 'sqs SendMessageBatch'),
  );
});
