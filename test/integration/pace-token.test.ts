import { describe, expect, it } from '@jest/globals';
import { resume } from '../../functions/pace/pace-item.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { paceStateOf } from '../support/pace.ts';
import { crm } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import {
  add,
  alarms,
  check,
  created,
  held,
  inAnotherProcess,
  io,
  newContact,
  test,
  told,
  usePacedStack,
} from './paced-stack.ts';

usePacedStack();

const rejected = 'crm_credentials_rejected';
const refused = 'crm_contact_refused';
/** The CRM is asked for the contact, and then whether it accepts the token. */
const firstRefusal = (because: string) => ({ answer: '202 queued', because, calls: 2 });
const minute = 60_000;

describe('a CRM that rejects the token', () => {
  it.each([401, 403])('with %i: nobody calls but for one test a minute', async (status) => {
    test[crm].faults.inject({ status });
    expect(await told(add(crm))).toEqual(firstRefusal(rejected));
    expect(await told(add(crm))).toEqual(held(rejected));
    inAnotherProcess();
    io.advance(minute - 1);
    expect(await told(add(crm))).toEqual(held(rejected));
    io.advance(1);
    expect(await told(add(crm))).toEqual({ ...held(rejected), calls: 1 });
    expect(await told(add(crm))).toEqual(held(rejected));
  });

  it('and accepts it again: the test is what finds out, and the webhook that made it is applied', async () => {
    test[crm].faults.inject({ status: 401 });
    await add(crm);
    test[crm].faults.clear();
    expect(await told(add(crm))).toEqual(held(rejected));
    io.advance(minute);
    inAnotherProcess();
    expect(await told(add(crm))).toEqual({ ...created, calls: 2 });
    expect(await told(add(crm))).toEqual(created);
  });

  it('rings once, and once more when all is well, however many webhooks come', async () => {
    test[crm].faults.inject({ status: 401 });
    const ids = Array.from({ length: 20 }, () => newContact(crm));
    const answers = await Promise.all(ids.map((id) => add(crm, id)));
    expect(new Set(answers.map(({ body }) => body.data.reason))).toEqual(new Set([rejected]));
    for (let minutes = 0; minutes < 5; minutes += 1) {
      io.advance(minute);
      await add(crm);
    }
    expect(alarms).toEqual([`${crm} rejected`]);
    test[crm].faults.clear();
    io.advance(minute);
    expect(await told(add(crm))).toMatchObject({ answer: '200 created' });
    expect(alarms).toEqual([`${crm} rejected`, `${crm} accepted`]);
  });

  it('its jobs wait without a call of their own, longer the longer it lasts', async () => {
    test[crm].faults.inject({ status: 401 });
    await add(crm);
    const id = newContact(crm);
    await add(crm, id);
    const job = (await takeJobs(test)).find(({ job: { contactId } }) => contactId === id);
    if (!job) throw new Error('No job was queued.');
    for (const [hours, least, most] of [
      [0, 60, 70],
      [0.5, 450, 470],
      [30, 900, 910],
    ] as const) {
      io.advance(hours * 60 * minute);
      await check(crm);
      io.clear();
      expect(await deliver(test, job)).toBe('failed');
      expect(test.log.at(-1)).toMatchObject({ result: 'waiting', error_code: rejected, held_for: rejected });
      const rest = io.calls.find(({ name }) => name === 'ChangeMessageVisibility');
      const { VisibilityTimeout } = Object(rest?.input);
      expect(VisibilityTimeout).toBeGreaterThanOrEqual(least);
      expect(VisibilityTimeout).toBeLessThan(most);
    }
    test[crm].faults.clear();
    io.advance(minute);
    expect(await deliver(test, job, { receives: 5 })).toBe('done');
    expect(await test.userOf(crm, id)).toMatchObject({ tags: ['new'] });
  });

  it('what is told to a test, which always calls', async () => {
    test[crm].faults.inject({ status: 401 });
    await add(crm);
    const first = await told(check(crm));
    expect(first.answer).toBe(`424 ${rejected}`);
    expect(first.calls).toBeGreaterThan(0);
    test[crm].faults.clear();
    expect(await told(check(crm))).toEqual({ ...created, answer: '200 ok' });
    expect(await told(add(crm))).toEqual(created);
    expect(alarms).toEqual([`${crm} rejected`, `${crm} accepted`]);
  });
});

describe('a connection without a token', () => {
  it('is one whose token is rejected', async () => {
    const { accessKeys = [] } = test.stack.connections['encharge'] ?? {};
    test.stack.setSecret('encharge', { accessKeys: [...accessKeys], apiToken: '' });
    io.revive();
    expect(await told(add('encharge'))).toEqual(held(rejected));
    expect(alarms).toEqual(['encharge rejected']);
    test.stack.setSecret('encharge', { accessKeys: [...accessKeys], apiToken: test.encharge.token });
    // As `usher connect` does.
    await resume(test.users, 'encharge');
    inAnotherProcess();
    io.revive();
    expect(await told(add('encharge'))).toEqual(created);
  });
});

/** The CRM refuses these contacts, and nothing else. */
function refuse(ids: readonly string[], status = 403): void {
  for (const id of ids) test.encharge.faults.inject({ status, pathContains: id });
}

describe('a CRM that refuses a contact', () => {
  it.each([401, 403])(
    'with %i: only that contact waits, and the token is tried once a minute at most',
    async (status) => {
      const [bad, worse] = [newContact('encharge'), newContact('encharge')];
      refuse([bad, worse], status);
      expect(await told(add('encharge', bad))).toEqual(firstRefusal(refused));
      expect(await told(add('encharge'))).toEqual(created);
      expect(await told(add('encharge', bad))).toEqual({ ...firstRefusal(refused), calls: 1 });
      expect(await told(add('encharge', worse))).toEqual({ ...firstRefusal(refused), calls: 1 });
      io.advance(minute);
      expect(await told(add('encharge', worse))).toEqual(firstRefusal(refused));
      expect(alarms).toEqual([]);
    },
  );

  it('tells a test the same, and nobody has to wait for it', async () => {
    const bad = newContact('encharge');
    refuse([bad]);
    expect(await told(webhook(test, 'encharge', 'test', bad))).toMatchObject({ answer: `424 ${refused}` });
    expect(await told(add('encharge'))).toEqual(created);
    expect(alarms).toEqual([]);
  });

  it('ten in a row: the token has lost a permission, and its alarm rings once', async () => {
    const bad = Array.from({ length: 12 }, () => newContact('encharge'));
    refuse(bad);
    for (const id of bad.slice(0, 9)) await add('encharge', id);
    // The same one again is not another one.
    await add('encharge', bad[0]);
    expect(alarms).toEqual([]);
    for (const id of bad.slice(9)) await add('encharge', id);
    expect(alarms).toEqual(['encharge incomplete']);
    const lines = test.log.filter(({ crm_access }) => crm_access === 'incomplete');
    expect(lines).toMatchObject([{ message: 'webhook', connection: 'encharge' }]);
    // Any other line is a problem, of level ERROR, and rings the function's alarm too.
    expect(test.log.filter(({ message }) => message !== 'webhook' && message !== 'job')).toEqual([]);
    test.encharge.faults.clear();
    expect(await told(add('encharge'))).toEqual(created);
    expect(alarms).toEqual(['encharge incomplete', 'encharge accepted']);
  });

  it('by a page of a firewall has not answered: neither token nor contact', async () => {
    const bad = newContact('encharge');
    test.encharge.faults.inject({ kind: 'html_status', status: 403, pathContains: bad });
    expect(await told(add('encharge', bad))).toMatchObject({ because: 'crm_answer_invalid', calls: 1 });
    expect(alarms).toEqual([]);
  });
});

describe('a token that may not write', () => {
  it('holds up nobody who reads', async () => {
    await add('encharge', putContact(test, 'encharge', { email: newEmail(), tags: [] }));
    const [job] = await takeJobs(test);
    if (!job) throw new Error('No job was queued.');
    test.encharge.faults.inject({ status: 403, method: 'POST' });
    expect(await deliver(test, job)).toBe('failed');
    expect(test.log.at(-1)).toMatchObject({ error_code: 'crm_write_refused' });
    expect(await told(add('encharge'))).toEqual(created);
    expect(alarms).toEqual([]);
    test.encharge.faults.clear();
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
  });
});

it('while somebody tries the token nobody knows: others neither ring nor call it their contact’s', async () => {
  const bad = newContact('encharge');
  const late = newContact('encharge');
  refuse([bad, late]);
  let other: Promise<unknown> | undefined;
  io.before = ({ service, input }) => {
    const isTest = service === 'crm' && String(Object(input).url).includes('people/all');
    if (!isTest || other) return;
    other = told(add('encharge', late));
    return other as Promise<void>;
  };
  expect(await told(add('encharge', bad))).toMatchObject({ because: refused });
  expect(await other).toMatchObject({ because: rejected, calls: 1 });
  expect(alarms).toEqual([]);
  const state = await paceStateOf(test, 'encharge');
  expect(state?.access?.refused).toHaveLength(1);
});
