import { afterEach, describe, expect, it } from '@jest/globals';
import { takeJobs } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { changeContact, existingUser, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: patient, withPoller: false });
afterEach(async () => {
  test.encharge.faults.clear();
  await forgetPace(test);
});

const checkKey = () => {
  return request(test, { query: { wpf_action: 'test', access_key: keyOf(test) } });
};

describe('test without a contact', () => {
  it('says that key and credentials are right', async () => {
    test[crm].requests.clear();
    const answer = await checkKey();
    expect(answer.status).toBe(200);
    const data = { method: 'test', result: 'ok', connection: crm, crm, warnings: [] };
    expect(answer.body).toEqual({ success: true, data });
    expect(test[crm].requests.list()).toMatchObject([{ method: 'GET', status: 200 }]);
  });

  it.each([
    ['rejects our credentials', { status: 401 }, 'crm_credentials_rejected'],
    ['forbids', { status: 403 }, 'crm_credentials_rejected'],
    ['limits', { status: 429 }, 'crm_rate_limited'],
    ['is down', { status: 503 }, 'crm_unavailable'],
    ['answers with a page', { kind: 'html' }, 'crm_answer_invalid'],
  ] as const)('the CRM %s: says so at once, and queues nothing', async (_name, fault, code) => {
    test[crm].faults.inject(fault);
    const answer = await checkKey();
    expect([answer.status, answer.body.error.code]).toEqual([424, code]);
    expect(await takeJobs(test)).toEqual([]);
  });
});

describe('test with a contact says what add would write', () => {
  it('for a new user, with role and effects', async () => {
    const id = newContact(test, crm, {
      firstName: 'Ada',
      tags: ['a', 'b'],
      custom: { score: 1, birthday: 'soon' },
    });
    const answer = await webhook(test, crm, 'test', id, { role: 'editor', send_notification: 'true' });
    expect(answer.status).toBe(200);
    const { add, ...data } = answer.body.data;
    expect(data).toEqual({
      method: 'test',
      result: 'ok',
      connection: crm,
      crm,
      contact_id: id,
      warnings: ['field_invalid:birthday'],
    });
    expect(add).toMatchObject({
      result: 'created',
      role: 'editor',
      tags_added: 2,
      tags_removed: 0,
      effects: ['welcome_mail', 'return_password'],
    });
    expect(add.fields).toEqual(expect.arrayContaining(['first_name', 'display_name', 'score']));
    expect(add.fields).not.toContain('birthday');
  });

  it('for a user who would change', async () => {
    const { id, user } = await newUser(test, crm, { firstName: 'Ada', tags: ['a', 'b'] });
    changeContact(test, crm, id, { firstName: 'Augusta', tags: ['b', 'c', 'd'] });
    const { add } = (await webhook(test, crm, 'test', id)).body.data;
    expect(add).toMatchObject({
      result: 'updated',
      user_id: user.id,
      role: 'subscriber',
      tags_added: 2,
      tags_removed: 1,
      effects: [],
    });
    expect(add.fields).toContain('first_name');
  });

  it('for a user who is found by the address', async () => {
    const { user } = await newUser(test, crm);
    const id = newContact(test, crm, { email: user.email });
    const { add } = (await webhook(test, crm, 'test', id)).body.data;
    expect(add).toMatchObject({ result: 'updated', user_id: user.id });
  });

  it('for a user as it should be', async () => {
    const { id, user } = await newUser(test, crm, { tags: ['a'] });
    const { add } = (await webhook(test, crm, 'test', id)).body.data;
    expect(add).toMatchObject({ result: 'unchanged', user_id: user.id, fields: [], tags_added: 0 });
  });

  it.each([
    ['contact_not_found', () => 'nobody'],
    ['email_missing', () => newContact(test, crm, { email: null })],
    [
      'login_taken',
      async () => {
        const { user } = await newUser(test, crm, { custom: { user_login: newEmail('login') } });
        return newContact(test, crm, { custom: { user_login: user.login } });
      },
    ],
  ])('and what would be refused: 422 %s', async (code, contact) => {
    const answer = await webhook(test, crm, 'test', await contact());
    expect([answer.status, answer.body.error.code]).toEqual([422, code]);
  });
});

describe('test changes nothing', () => {
  it('no user, no job, no mail, no write to the CRM; with async neither', async () => {
    const { id: known } = await newUser(test, crm);
    const unknown = newContact(test, crm);
    await takeJobs(test);
    const before = await existingUser(test, crm, known);
    changeContact(test, crm, known, { tags: ['new'] });
    test[crm].requests.clear();
    for (const id of [known, unknown]) {
      const query = { async: 'true', role: 'editor', send_notification: 'true' };
      expect((await webhook(test, crm, 'test', id, query)).body.data.result).toBe('ok');
    }
    expect(await test.userOf(crm, known)).toEqual(before);
    expect(await test.userOf(crm, unknown)).toBeUndefined();
    expect(await takeJobs(test)).toEqual([]);
    expect(test.ses.mails).toEqual([]);
    expect(test[crm].requests.list().map(({ method }) => method)).toEqual(['GET', 'GET']);
  });
});

describe('an account of Encharge whose accounts/info wants OAuth', () => {
  it('passes the test with a key that reads people, and fails it with another', async () => {
    test.encharge.faults.inject({ status: 401, pathContains: 'accounts/info' });
    expect((await checkKey()).status).toBe(200);
    test.encharge.faults.inject({ status: 401, pathContains: 'people' });
    const refused = await checkKey();
    expect([refused.status, refused.body.error.code]).toEqual([424, 'crm_credentials_rejected']);
    test.encharge.faults.clear();
  });
});
