import { afterEach, describe, expect, it } from '@jest/globals';

import type { Fault } from '../../lib/sandbox/fault.ts';
import { forgetPace } from '../support/pace.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, type WebhookAnswer, webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { type ContactDraft, changeContact, newContact, newUser } from './contacts.ts';

useTestStack({ config: patient });
afterEach(async () => {
  test.encharge.faults.clear();
  await forgetPace(test);
});

const unknownContact = 'e0000000-0000-4000-8000-00000000ffff';

/** A webhook for a new contact while the CRM answers so. */
function added(fault: Fault = {}, query: Record<string, string> = {}): Promise<WebhookAnswer> {
  if (fault.status !== undefined) test[crm].faults.inject(fault);
  return webhook(test, crm, 'add', newContact(test, crm), query);
}

async function changed(draft: ContactDraft = {}): Promise<WebhookAnswer> {
  const { id } = await newUser(test, crm);
  changeContact(test, crm, id, draft);
  return webhook(test, crm, 'update', id);
}

/** Name, status, result, the reason of what is queued, and the webhook. */
const successes: [string, number, string, string | undefined, () => Promise<WebhookAnswer>][] = [
  ['a new contact', 200, 'created', undefined, () => added()],
  ['a changed contact', 200, 'updated', undefined, () => changed({ tags: ['new'] })],
  ['a contact as it was', 200, 'unchanged', undefined, () => changed()],
  ['async=true', 202, 'queued', 'async', () => added({}, { async: 'true' })],
  ['the CRM is down', 202, 'queued', 'crm_unavailable', () => added({ status: 503 })],
  ['the CRM limits', 202, 'queued', 'crm_rate_limited', () => added({ status: 429 })],
  ['it rejects our credentials', 202, 'queued', 'crm_credentials_rejected', () => added({ status: 401 })],
  ['it refuses the contact', 202, 'queued', 'crm_contact_refused', () => added({ status: 403, times: 1 })],
  [
    'a contact that the CRM does not show',
    202,
    'queued',
    'contact_not_found',
    () => webhook(test, crm, 'add', unknownContact),
  ],
];

const errors: [string, number, string, () => Promise<WebhookAnswer>][] = [
  ['update of no user', 200, 'user_not_found', () => webhook(test, crm, 'update', newContact(test, crm))],
  [
    'update_tags of no user',
    200,
    'user_not_found',
    () => webhook(test, crm, 'update_tags', newContact(test, crm)),
  ],
  [
    'no key',
    403,
    'invalid_access_key',
    () => request(test, { query: { wpf_action: 'add', contact_id: '1' } }),
  ],
  ['an unknown action', 400, 'unknown_action', () => webhook(test, crm, 'remove', '1')],
  ['an action that is off', 400, 'action_not_allowed', () => webhook(test, crm, 'delete', '1')],
  ['a bad parameter', 400, 'invalid_parameter', () => webhook(test, crm, 'add', '1', { async: 'soon' })],
  [
    'an unreadable body',
    400,
    'malformed_body',
    () => request(test, { query: { wpf_action: 'add', access_key: keyOf(test) }, body: '{"id":' }),
  ],
  [
    'no contact id',
    400,
    'contact_id_missing',
    () => request(test, { query: { wpf_action: 'add', access_key: keyOf(test) }, body: '{}' }),
  ],
  [
    'a test with a contact the CRM has not',
    422,
    'contact_not_found',
    () => webhook(test, crm, 'test', unknownContact),
  ],
  [
    'a contact without e-mail',
    422,
    'email_missing',
    () => webhook(test, crm, 'add', newContact(test, crm, { email: null })),
  ],
  [
    'a username that is taken',
    422,
    'login_taken',
    async () => {
      const { user } = await newUser(test, crm, { custom: { user_login: `taken-${crm}` } });
      return webhook(test, crm, 'add', newContact(test, crm, { custom: { user_login: user.login } }));
    },
  ],
  ['another method', 405, 'method_not_allowed', () => request(test, { method: 'PUT' })],
  ['another path', 404, 'not_found', () => request(test, { path: '/elsewhere' })],
  [
    'a body that is too large',
    413,
    'payload_too_large',
    () => request(test, { body: 'x'.repeat(256 * 1024 + 1) }),
  ],
];

function expectJson({ headers }: WebhookAnswer) {
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('retry-after')).toBeNull();
}

const text = expect.stringMatching(/./);

describe('success', () => {
  it.each(successes)('%s → %d %s', async (_name, status, result, reason, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expectJson(answer);
    const { data, ...rest } = answer.body;
    expect(rest).toEqual({ success: true });
    expect(data).toEqual(
      status === 202
        ? { method: text, result, job_id: text, reason }
        : { user_id: text, method: text, result, contact_id: text, warnings: [] },
    );
  });
});

describe('error', () => {
  it.each(errors)('%s → %d %s', async (_name, status, code, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expectJson(answer);
    const request_id = answer.headers.get('apigw-requestid');
    expect(answer.body).toEqual({ success: false, error: { code, message: text }, request_id });
  });

  it('a missing contact id says what to set up in this CRM', async () => {
    const query = { wpf_action: 'add', access_key: keyOf(test) };
    const { message } = (await request(test, { query })).body.error;
    const hint = /Encharge .* as id;/;
    expect(message).toMatch(hint);
    expect(message).toContain('&contact_id=');
  });

  it('what is refused is not tried again: nothing is queued', async () => {
    // What failed before is tried again meanwhile.
    const queued = () => test.log.filter(({ message, attempt }) => message === 'job' && attempt === 1);
    await test.idle();
    const before = queued().length;
    for (const [name, , , send] of errors) if (name !== 'a username that is taken') await send();
    await test.idle();
    expect(queued()).toHaveLength(before);
  });
});

describe('an answer keeps secrets and people to itself', () => {
  it('neither key, token, address nor name is in any answer', async () => {
    const draft = { email: `private.${crm}@example.com`, firstName: 'Privatefirst', lastName: 'Privatelast' };
    const id = newContact(test, crm, draft);
    const answers = [
      await webhook(test, crm, 'test', id),
      await webhook(test, crm, 'add', id),
      await webhook(test, crm, 'update', id, { email: draft.email }),
      await webhook(test, crm, 'update_tags', id),
      await webhook(test, crm, 'add', id, { async: 'true' }),
      await webhook(test, crm, 'update', unknownContact, { email: draft.email }),
      await webhook(test, crm, 'nothing', id),
    ];
    for (const { text: answer } of answers) {
      for (const secret of [keyOf(test), test[crm].token, draft.email, draft.firstName, draft.lastName]) {
        expect(answer).not.toContain(secret);
      }
    }
  });
});
