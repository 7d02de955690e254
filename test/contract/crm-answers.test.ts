import { afterEach, describe, expect, it } from '@jest/globals';
import type { Transport } from '../../functions/crm/transport.ts';
import type { Services } from '../../functions/runtime/services.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import { takeJobs } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { newUser } from './contacts.ts';

/** What the CRM answers in place of the right answer, with status 200. */
let instead: ((right: string) => unknown) | undefined;

const replaced =
  (transport: Transport): Transport =>
  async (request, signal) => {
    const response = await transport(request, signal);
    return instead ? { ...response, body: JSON.stringify(instead(response.body)) } : response;
  };

const adjust = (services: Services): Services => ({
  ...services,
  transport: replaced(services.transport),
  // How long it waits for the CRM is not what is tested here.
  sleep: (ms, signal) => services.sleep(Math.min(ms, 5), signal),
});
useTestStack({ config: withoutPasswords, adjust, withPoller: false });
afterEach(async () => {
  instead = undefined;
  test[crm].faults.clear();
  await forgetPace(test);
});

type Person = Record<string, unknown>;
const users = (change: (person: Person) => unknown) => (right: string) => ({
  users: JSON.parse(right).users.map(change),
});

/** One of each kind; every shape that a connector refuses is in test/connectors. */
const unknownShapes: [string, (right: string) => unknown][] = [
  ['an error with status 200', () => ({ error: { message: 'Something went wrong' } })],
  ['people under another key', (right) => ({ people: JSON.parse(right).users })],
  ['another person', users((person) => ({ ...person, id: 'e0000000-0000-4000-8000-000000000001' }))],
  ['tags as an object', users((person) => ({ ...person, tags: { customer: true } }))],
];

describe('an answer of an unknown shape is an error, never "no tags"', () => {
  it.each(unknownShapes)('%s', async (_name, change) => {
    const { id, user: before } = await newUser(test, crm, { tags: ['stays'], custom: { score: 1 } });
    instead = change;
    for (const action of ['update_tags', 'update', 'add']) {
      const answer = await webhook(test, crm, action, id);
      expect([answer.status, answer.body.data?.result]).toEqual([202, 'queued']);
    }
    expect(await takeJobs(test)).not.toEqual([]);
    expect(await test.userOf(crm, id)).toEqual(before);
    await forgetPace(test);
    const answer = await webhook(test, crm, 'test', id);
    expect([answer.status, answer.body.error.code]).toEqual([424, 'crm_answer_invalid']);
  });
});

describe('an answer that says the contact is not there is no error of the CRM', () => {
  it.each<[string, typeof instead, Fault[]]>([
    ['an empty list', () => ({ users: [] }), []],
    ['status 404', undefined, [{ status: 404 }]],
  ])('%s is contact_not_found, and the user stays', async (_name, answer, faults) => {
    const { id, user: before } = await newUser(test, crm, { tags: ['stays'] });
    instead = answer;
    for (const fault of faults) test[crm].faults.inject(fault);
    for (const action of ['update_tags', 'update', 'add']) {
      const { status, body } = await webhook(test, crm, action, id);
      expect([status, body.data?.reason]).toEqual([202, 'contact_not_found']);
    }
    expect(await test.userOf(crm, id)).toEqual(before);
  });
});
