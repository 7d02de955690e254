import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAwsClients } from '../../functions/runtime/aws-clients.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { localClient } from '../../lib/dev/local-client.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';
import { type LossyProxy, startLossyProxy } from './lossy-proxy.ts';
import { inconsistencies } from './table-state.ts';

const io = createIo();
let proxy: LossyProxy;
let test: TestStack;

/** The function's own clients, tries of the SDK included, with DynamoDB behind the proxy. */
function behindProxy(services: Services): Services {
  const { documents } = createAwsClients(() => localClient(proxy.endpoint));
  return io.adjust({ ...services, documents });
}

beforeAll(async () => {
  proxy = await startLossyProxy(String(process.env['TEST_DYNAMODB']));
  test = await startTestStack({ config: patientConfig, withPoller: false, adjust: behindProxy });
});
afterAll(async () => {
  await test.stop();
  await proxy.stop();
});

/** Loses the next answer to an operation, and sees to it that one was lost. */
async function losing<Result>(operation: string, work: () => Promise<Result>): Promise<Result> {
  const before = proxy.lost;
  proxy.loseNext(operation);
  const result = await work();
  expect([operation, proxy.lost - before]).toEqual([operation, 1]);
  expect(await inconsistencies(test.users)).toEqual([]);
  return result;
}

async function newUser() {
  const email = newEmail();
  const id = putContact(test, 'encharge', { email, tags: ['a'] });
  const answer = await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
  expect(answer.body.data.result).toBe('created');
  const [job] = await takeJobs(test);
  if (!job) throw new Error('No job was queued.');
  return { id, email, job };
}

describe('an answer of DynamoDB that is lost', () => {
  it('after a user was created: the repeated call finds its own work done', async () => {
    const id = putContact(test, 'encharge', { email: newEmail(), tags: ['a', 'b'] });
    const answer = await losing('TransactWriteItems', () => webhook(test, 'encharge', 'add', id));
    expect([answer.status, answer.body.data.result]).toEqual([200, 'created']);
    expect(await test.userOf('encharge', id)).toMatchObject({ tags: ['a', 'b'], version: 1 });
    await takeJobs(test);
  });

  it('after tags were changed: likewise', async () => {
    const { id, email } = await newUser();
    putContact(test, 'encharge', { email, tags: ['b'] }, id);
    const answer = await losing('TransactWriteItems', () => webhook(test, 'encharge', 'update_tags', id));
    expect([answer.status, answer.body.data.result]).toEqual([200, 'updated']);
    expect(await test.userOf('encharge', id)).toMatchObject({ tags: ['b'], version: 2 });
  });

  it('after a field was changed: the webhook starts over and finds nothing left to change', async () => {
    const { id, email } = await newUser();
    putContact(test, 'encharge', { email, tags: ['a'], city: 'Paris' }, id);
    const answer = await losing('UpdateItem', () => webhook(test, 'encharge', 'update', id));
    expect([answer.status, answer.body.data.result]).toEqual([200, 'unchanged']);
    expect(await test.userOf('encharge', id)).toMatchObject({ fields: { city: 'Paris' }, version: 2 });
  });

  it('after an effect was claimed: it is done when the claim has run out, and once', async () => {
    const { id, email, job } = await newUser();
    expect(await losing('UpdateItem', () => deliver(test, job))).toBe('failed');
    expect(test.log.at(-1)).toMatchObject({ action: 'effects', error_code: 'effect_busy' });
    io.advance(61_000);
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect((await test.userOf('encharge', id))?.effects).toEqual({});
    expect(mailsTo(test, email)).toHaveLength(1);
  });

  it('after an effect was marked as done: it stays done', async () => {
    const { id, email, job } = await newUser();
    io.after = ({ service }) => {
      if (service === 'ses') proxy.loseNext('UpdateItem');
    };
    expect(await deliver(test, job)).toBe('done');
    io.after = undefined;
    expect((await test.userOf('encharge', id))?.effects).toEqual({});
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect(mailsTo(test, email)).toHaveLength(1);
  });
});
