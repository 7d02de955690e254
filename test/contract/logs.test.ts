import { afterEach, describe, expect, it } from '@jest/globals';
import { loggedId, loggedIds } from '../../functions/runtime/log.ts';
import { deliver, takeJobs, workOff } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, type WebhookAnswer, webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { changeContact, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: patient, withPoller: false });
afterEach(async () => {
  test.encharge.faults.clear();
  await forgetPace(test);
  await workOff(test);
});

const number = expect.any(Number);
const received = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
const requestIdOf = ({ headers }: WebhookAnswer) => headers.get('apigw-requestid');

/** The lines of a webhook: its own, and those of its jobs. When they were written is the log's own affair. */
const linesOf = (answer: WebhookAnswer) =>
  test.log
    .filter(({ request_id }) => request_id === requestIdOf(answer))
    .map(({ timestamp: _when, ...line }) => line);

describe('one line for a webhook', () => {
  it('that created a user', async () => {
    const id = newContact(test, crm, { custom: { birthday: 'someday' } });
    const answer = await webhook(test, crm, 'add', id, { role: 'boss' });
    expect(linesOf(answer)).toEqual([
      {
        message: 'webhook',
        action: 'add',
        connection: crm,
        contact_id: id,
        user_id: answer.body.data.user_id,
        result: 'created',
        status: 200,
        warnings: ['field_invalid:birthday', 'role_unknown'],
        changed: expect.arrayContaining(['email', 'role', 'display_name']),
        received_at: received,
        ms: { key: number, store: number, crm: number, queue: number, total: number },
        crm_calls: 1,
        request_id: requestIdOf(answer),
      },
    ]);
  });

  it('that changed nothing: no warnings, no time for what did not happen', async () => {
    const { id, user } = await newUser(test, crm);
    const answer = await webhook(test, crm, 'update_tags', id);
    expect(linesOf(answer)).toEqual([
      {
        message: 'webhook',
        action: 'update_tags',
        connection: crm,
        contact_id: id,
        user_id: user.id,
        result: 'unchanged',
        status: 200,
        received_at: received,
        ms: { key: number, store: number, crm: number, total: number },
        crm_calls: 1,
        request_id: requestIdOf(answer),
      },
    ]);
  });

  it('that changed something: names and counts, never a value', async () => {
    const { id } = await newUser(test, crm, { tags: ['old', 'kept'] });
    changeContact(test, crm, id, { firstName: 'Augusta', tags: ['kept', 'new', 'newer'] });
    const answer = await webhook(test, crm, 'update', id, { role: 'Customer' });
    const [line] = linesOf(answer);
    expect(line).toMatchObject({
      changed: ['role', 'first_name', 'display_name'],
      tags_added: 2,
      tags_removed: 1,
      role: 'customer',
    });
    expect(line).not.toHaveProperty('notify');
  });

  it('with a new address: everything that moves along, whatever it took', async () => {
    const { id } = await newUser(test, crm);
    changeContact(test, crm, id, { email: newEmail() });
    const [line] = linesOf(await webhook(test, crm, 'update', id, {}));
    expect(line?.['changed']).toContain('email');
  });

  it('that asked for a role and the mail: what it takes to ask again, on the lines of its job too', async () => {
    const id = newContact(test, crm, { tags: ['one'] });
    const asked = { role: 'editor', send_notification: 'true', async: 'true' };
    const answer = await webhook(test, crm, 'add', id, asked);
    await workOff(test);
    const [own, job] = linesOf(answer);
    const common = { role: 'editor', notify: true, received_at: own?.['received_at'] };
    expect(own).toMatchObject({ ...common, result: 'queued' });
    expect(job).toMatchObject({ ...common, result: 'created', tags_added: 1 });
    expect(job?.['changed']).toContain('role');
  });

  it('that was refused: with the code', async () => {
    const id = newContact(test, crm, { email: null });
    const answer = await webhook(test, crm, 'add', id);
    expect(linesOf(answer)).toMatchObject([
      {
        connection: crm,
        contact_id: loggedId(id, false),
        error_code: 'email_missing',
        status: 422,
        crm_calls: 1,
      },
    ]);
  });

  it('with a wrong key: no connection, no action, no contact', async () => {
    const query = { wpf_action: 'add', access_key: 'x'.repeat(32), contact_id: newContact(test, crm) };
    const answer = await request(test, { query });
    const [line] = linesOf(answer);
    expect(line).toMatchObject({
      connection: 'none',
      action: 'none',
      error_code: 'invalid_access_key',
      status: 403,
    });
    expect(line).not.toHaveProperty('contact_id');
  });

  it('that was queued, with the reason; its job tells the rest under the same request id', async () => {
    const { id, user } = await newUser(test, crm, { tags: ['old'] });
    await workOff(test);
    changeContact(test, crm, id, { tags: ['new'] });
    test[crm].faults.inject({ status: 429, retryAfter: '120' });
    const answer = await webhook(test, crm, 'update', id);
    const [job] = await takeJobs(test);
    if (!job) throw new Error('No job was queued.');
    await deliver(test, job);
    test[crm].faults.clear();
    await forgetPace(test);
    await deliver(test, job, { receives: 2 });

    const { job_id } = answer.body.data;
    const common = {
      action: 'update',
      connection: crm,
      contact_id: loggedId(id, false),
      job_id,
      request_id: requestIdOf(answer),
    };
    const ms = { total: number };
    const deferred = {
      status: 202,
      result: 'queued',
      deferred_by: 'crm_rate_limited',
      jobs: 1,
      crm_calls: 1,
      ms,
    };
    expect(linesOf(answer)).toMatchObject([
      { message: 'webhook', ...common, ...deferred },
      {
        message: 'job',
        ...common,
        result: 'waiting',
        error_code: 'crm_rate_limited',
        held_for: 'crm_rate_limited',
        attempt: 1,
        crm_calls: 0,
        ms,
      },
      {
        message: 'job',
        ...common,
        contact_id: id,
        result: 'updated',
        user_id: user.id,
        attempt: 2,
        crm_calls: 1,
        ms,
      },
    ]);
  });

  it('that was a batch: how many jobs', async () => {
    const body = JSON.stringify([1, 2].map((id) => ({ id: `${id}`, user: { id } })));
    const answer = await request(test, { query: { wpf_action: 'update', access_key: keyOf(test) }, body });
    expect(linesOf(answer)).toMatchObject([
      { action: 'update', connection: crm, result: 'queued', jobs: 2, status: 202 },
    ]);
  });

  it('and one for its effects', async () => {
    const id = newContact(test, crm);
    const answer = await webhook(test, crm, 'add', id, { send_notification: 'true' });
    await workOff(test);
    const { user_id } = answer.body.data;
    expect(linesOf(answer).slice(1)).toEqual([
      {
        message: 'job',
        action: 'effects',
        connection: crm,
        contact_id: id,
        user_id,
        result: expect.stringMatching(/^(welcome_mail\+return_password|return_password\+welcome_mail)$/),
        job_id: expect.any(String),
        attempt: 1,
        age_s: expect.any(Number),
        ms: { key: number, store: number, crm: number, ses: number, total: number },
        crm_calls: 2,
        request_id: requestIdOf(answer),
      },
    ]);
  });
});

describe('what never stands in a line', () => {
  it('keys, tokens, addresses, names, usernames, tags, values of fields', async () => {
    const email = newEmail('unloggable');
    const draft = { email, firstName: 'Unloggablefirst', tags: ['unloggable-tag'], phone: '+49 555 0177' };
    const id = newContact(test, crm, {
      ...draft,
      custom: { user_login: 'unloggable-login', birthday: 'unloggable-day' },
    });
    const seen = test.log.length;
    for (const action of ['test', 'add', 'update', 'update_tags', 'unloggable-action']) {
      await webhook(test, crm, action, id, { email, role: 'unloggable-role', send_notification: '1' });
    }
    await webhook(test, crm, 'add', id, { async: 'unloggable-boolean' });
    const access_key = String(test.stack.connections[crm]?.accessKey);
    await request(test, { query: { wpf_action: 'update', access_key, email: newEmail('unloggable') } });
    await request(test, { query: { wpf_action: 'add', access_key, contact_id: email } });
    await request(test, { query: { wpf_action: 'add', access_key }, body: '{"unloggable-body' });
    await request(test, { path: '/unloggable-path', query: { access_key } });
    await workOff(test);
    const lines = JSON.stringify(test.log.slice(seen));
    expect(lines).not.toMatch(/unloggable|555 0177/i);
    expect(lines).not.toContain(access_key);
    expect(lines).not.toContain(test[crm].token);
    test[crm].people.remove(id);
  });

  it.each([
    ['a telephone number', '4915112345678'],
    ['one with a plus', '+49 151 12345678'],
    ['one of nine digits', '512345678'],
    ['an id of another CRM', '123456'],
  ])(
    '%s that was typed as contact_id is told by its digest, which finds its lines',
    async (_what, contact_id) => {
      const seen = test.log.length;
      await request(test, {
        query: { wpf_action: 'add', access_key: keyOf(test), contact_id, async: 'true' },
      });
      await request(test, { query: { wpf_action: 'update_tags', access_key: keyOf(test), contact_id } });
      await workOff(test);
      const lines = test.log.slice(seen).filter((line) => line['contact_id'] !== undefined);
      expect(lines.length).toBeGreaterThan(2);
      expect(JSON.stringify(lines)).not.toContain(contact_id);
      const searched = loggedIds(contact_id);
      expect(lines.filter((line) => searched.includes(String(line['contact_id'])))).toHaveLength(
        lines.length,
      );
    },
  );

  it('an id that may be an address or a key is told by its digest, always the same', async () => {
    const send = () =>
      request(test, { query: { wpf_action: 'update', access_key: keyOf(test), contact_id: newEmail.name } });
    const lines = [await send(), await send()].flatMap(linesOf);
    expect(lines.map(({ contact_id }) => contact_id)).toEqual(
      Array(2).fill(expect.stringMatching(/^sha256:[0-9a-f]{16}$/)),
    );
    expect(lines[0]?.['contact_id']).toBe(lines[1]?.['contact_id']);
  });
});
