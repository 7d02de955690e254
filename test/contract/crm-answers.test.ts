import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Transport } from '../../functions/crm/transport.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { takeJobs } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
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

let test: TestStack;
beforeAll(async () => {
  const adjust = (services: Services): Services => ({
    ...services,
    transport: replaced(services.transport),
    // How long it waits for the CRM is not what is tested here.
    sleep: (ms, signal) => services.sleep(Math.min(ms, 5), signal),
  });
  test = await startTestStack({ config: withoutPasswords, adjust, withPoller: false });
});
afterAll(() => test.stop());
afterEach(async () => {
  instead = undefined;
  await forgetPace(test);
});

type Person = Record<string, unknown>;
const users = (change: (person: Person) => unknown) => (right: string) => ({
  users: JSON.parse(right).users.map(change),
});
const user = (change: (person: Person) => unknown) => (right: string) => change(JSON.parse(right));
const without = (name: string) => (person: Person) => {
  const { [name]: _left, ...rest } = person;
  return rest;
};

const unknownShapes = {
  encharge: [
    ['an empty object', () => ({})],
    ['null', () => null],
    ['a text', () => 'ok'],
    ['an error with status 200', () => ({ error: { message: 'Something went wrong' } })],
    ['people under another key', (right: string) => ({ people: JSON.parse(right).users })],
    ['one person in place of a list', (right: string) => ({ users: JSON.parse(right).users[0] })],
    ['people in a list', (right: string) => JSON.parse(right).users],
    ['a person without id', users(without('id'))],
    ['a number as id', users((person) => ({ ...person, id: 7 }))],
    ['another person', users((person) => ({ ...person, id: 'e0000000-0000-4000-8000-000000000001' }))],
    ['null as a person', users(() => null)],
    ['tags as an object', users((person) => ({ ...person, tags: { customer: true } }))],
    ['tags as a number', users((person) => ({ ...person, tags: 0 }))],
    ['tags as false', users((person) => ({ ...person, tags: false }))],
    ['tags as a list of objects', users((person) => ({ ...person, tags: [{ tag: 'customer' }] }))],
  ],
  userengage: [
    ['an empty object', () => ({})],
    ['null', () => null],
    ['an error with status 200', () => ({ detail: 'Something went wrong' })],
    ['a person without id', user(without('id'))],
    ['another person', user((person) => ({ ...person, id: 1 }))],
    ['a page of other people', user((person) => ({ count: 1, results: [{ ...person, id: 1 }] }))],
    ['no tags', user(without('tags'))],
    ['tags as a text', user((person) => ({ ...person, tags: 'customer' }))],
    ['tags as an object', user((person) => ({ ...person, tags: { 1: 'customer' } }))],
    ['tags as a page', user((person) => ({ ...person, tags: { count: 0, results: [] } }))],
    ['tags without names', user((person) => ({ ...person, tags: [{ id: 1 }] }))],
    ['tags as numbers', user((person) => ({ ...person, tags: [1, 2] }))],
    ['attributes as a text', user((person) => ({ ...person, attributes: 'none' }))],
  ],
} satisfies Record<string, [string, (right: string) => unknown][]>;

const rows = Object.entries(unknownShapes).flatMap(([crm, shapes]) =>
  shapes.map(([name, change]) => [crm as keyof typeof unknownShapes, name, change] as const),
);

describe('an answer of an unknown shape is an error, never "no tags"', () => {
  it.each(rows)('%s: %s', async (crm, _name, change) => {
    const { id, user: before } = await newUser(test, crm, { tags: ['stays'], custom: { score: 1 } });
    instead = change;
    for (const action of ['update_tags', 'update', 'add']) {
      const answer = await webhook(test, crm, action, id);
      expect([answer.status, answer.body.data?.result]).toEqual([202, 'queued']);
    }
    expect(await takeJobs(test)).not.toEqual([]);
    expect(await test.userOf(crm, id)).toEqual(before);
  });

  it.each(rows)('%s: %s, told by test', async (crm, _name, change) => {
    instead = change;
    const id = crm === 'encharge' ? 'e0000000-0000-4000-8000-000000000002' : '2';
    const answer = await webhook(test, crm, 'test', id);
    expect([answer.status, answer.body.error.code]).toEqual([424, 'crm_answer_invalid']);
  });
});

describe('an answer that says the contact is not there is no error of the CRM', () => {
  it.each([
    ['encharge', 'an empty list', () => ({ users: [] })],
    ['userengage', 'an empty list', () => []],
    ['userengage', 'an empty page', () => ({ count: 0, next: null, previous: null, results: [] })],
  ] as const)('%s: %s is contact_not_found, and the user stays', async (crm, _name, change) => {
    const { id, user: before } = await newUser(test, crm, { tags: ['stays'] });
    instead = change;
    for (const action of ['update_tags', 'update', 'add']) {
      const answer = await webhook(test, crm, action, id);
      expect([answer.status, answer.body.data?.reason]).toEqual([202, 'contact_not_found']);
    }
    expect(await test.userOf(crm, id)).toEqual(before);
  });

  it.each(['encharge', 'userengage'] as const)('%s: status 404', async (crm) => {
    const { id, user: before } = await newUser(test, crm, { tags: ['stays'] });
    test[crm].faults.inject({ status: 404, times: 2 });
    const { body } = await webhook(test, crm, 'update_tags', id);
    expect(body.data).toMatchObject({ result: 'queued', reason: 'contact_not_found' });
    expect(await test.userOf(crm, id)).toEqual(before);
  });
});

describe('userengage: every shape that its API is known to give is read', () => {
  it.each([
    ['a list', (person: Person) => [person]],
    ['a page', (person: Person) => ({ count: 1, next: null, previous: null, results: [person] })],
    ['an id as text', (person: Person) => ({ ...person, id: String(person['id']) })],
    ['tags as texts', (person: Person) => ({ ...person, tags: ['tag'] })],
    [
      'attributes as a list',
      ({ score: _flat, ...person }: Person) => ({
        ...person,
        attributes: [{ id: 1, name: 'Score', name_std: 'score', value: 7 }],
      }),
    ],
  ])('%s', async (_name, change) => {
    const { id } = await newUser(test, 'userengage', { custom: { score: 7 } });
    test.userengage.people.put({ ...test.userengage.people.get(id), tags: ['tag'] });
    instead = user(change);
    expect((await webhook(test, 'userengage', 'update', id)).body.data.result).toBe('updated');
    expect(await test.userOf('userengage', id)).toMatchObject({ tags: ['tag'], fields: { score: 7 } });
  });
});
