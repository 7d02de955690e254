import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { forgetPace } from '../support/pace.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { request, type WebhookAnswer, webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { changeContact, crms, newContact, newUser } from './contacts.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patient });
});
afterAll(() => test.stop());
afterEach(async () => {
  test.encharge.faults.clear();
  test.userengage.faults.clear();
  await forgetPace(test);
});

type Crm = (typeof crms)[number];
const keyOf = (crm: Crm) => String(test.stack.connections[crm]?.accessKey);
const unknownContact = { encharge: 'e0000000-0000-4000-8000-00000000ffff', userengage: '999999' };

/** Name, status, result, the reason of what is queued, and the webhook. */
const successes: [string, number, string, string | undefined, (crm: Crm) => Promise<WebhookAnswer>][] = [
  ['a new contact', 200, 'created', undefined, (crm) => webhook(test, crm, 'add', newContact(test, crm))],
  [
    'a changed contact',
    200,
    'updated',
    undefined,
    async (crm) => {
      const { id } = await newUser(test, crm);
      changeContact(test, crm, id, { tags: ['new'] });
      return webhook(test, crm, 'update', id);
    },
  ],
  [
    'a contact as it was',
    200,
    'unchanged',
    undefined,
    async (crm) => webhook(test, crm, 'update', (await newUser(test, crm)).id),
  ],
  [
    'async=true',
    202,
    'queued',
    'async',
    (crm) => webhook(test, crm, 'add', newContact(test, crm), { async: 'true' }),
  ],
  [
    'the CRM is down',
    202,
    'queued',
    'crm_unavailable',
    (crm) => {
      test[crm].faults.inject({ status: 503 });
      return webhook(test, crm, 'add', newContact(test, crm));
    },
  ],
  [
    'the CRM limits',
    202,
    'queued',
    'crm_rate_limited',
    (crm) => {
      test[crm].faults.inject({ status: 429 });
      return webhook(test, crm, 'add', newContact(test, crm));
    },
  ],
  [
    'the CRM rejects our credentials',
    202,
    'queued',
    'crm_credentials_rejected',
    (crm) => {
      test[crm].faults.inject({ status: 401 });
      return webhook(test, crm, 'add', newContact(test, crm));
    },
  ],
  [
    'the CRM refuses the contact',
    202,
    'queued',
    'crm_contact_refused',
    (crm) => {
      test[crm].faults.inject({ status: 403, times: 1 });
      return webhook(test, crm, 'add', newContact(test, crm));
    },
  ],
  [
    'a contact that the CRM does not show',
    202,
    'queued',
    'contact_not_found',
    (crm) => webhook(test, crm, 'add', unknownContact[crm]),
  ],
];

const errors: [string, number, string, (crm: Crm) => Promise<WebhookAnswer>][] = [
  ['update of no user', 200, 'user_not_found', (crm) => webhook(test, crm, 'update', newContact(test, crm))],
  [
    'update_tags of no user',
    200,
    'user_not_found',
    (crm) => webhook(test, crm, 'update_tags', newContact(test, crm)),
  ],
  [
    'no key',
    403,
    'invalid_access_key',
    () => request(test, { query: { wpf_action: 'add', contact_id: '1' } }),
  ],
  ['an unknown action', 400, 'unknown_action', (crm) => webhook(test, crm, 'remove', '1')],
  ['an action that is off', 400, 'action_not_allowed', (crm) => webhook(test, crm, 'delete', '1')],
  ['a bad parameter', 400, 'invalid_parameter', (crm) => webhook(test, crm, 'add', '1', { async: 'soon' })],
  [
    'an unreadable body',
    400,
    'malformed_body',
    (crm) => request(test, { query: { wpf_action: 'add', access_key: keyOf(crm) }, body: '{"id":' }),
  ],
  [
    'no contact id',
    400,
    'contact_id_missing',
    (crm) => request(test, { query: { wpf_action: 'add', access_key: keyOf(crm) }, body: '{}' }),
  ],
  [
    'a test with a contact the CRM has not',
    422,
    'contact_not_found',
    (crm) => webhook(test, crm, 'test', unknownContact[crm]),
  ],
  [
    'a contact without e-mail',
    422,
    'email_missing',
    (crm) => webhook(test, crm, 'add', newContact(test, crm, { email: null })),
  ],
  [
    'a username that is taken',
    422,
    'login_taken',
    async (crm) => {
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

describe.each(crms)('%s: success', (crm) => {
  it.each(successes)('%s → %d %s', async (_name, status, result, reason, send) => {
    const answer = await send(crm);
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

describe.each(crms)('%s: error', (crm) => {
  it.each(errors)('%s → %d %s', async (_name, status, code, send) => {
    const answer = await send(crm);
    expect(answer.status).toBe(status);
    expectJson(answer);
    const request_id = answer.headers.get('apigw-requestid');
    expect(answer.body).toEqual({ success: false, error: { code, message: text }, request_id });
  });

  it('a missing contact id says what to set up in this CRM', async () => {
    const query = { wpf_action: 'add', access_key: keyOf(crm) };
    const { message } = (await request(test, { query })).body.error;
    const hint = { encharge: /Encharge .* as id;/, userengage: /UserEngage .* as user\.id;/ };
    expect(message).toMatch(hint[crm]);
    expect(message).toContain('&contact_id=');
  });

  it('what is refused is not tried again: nothing is queued', async () => {
    await test.idle();
    const before = test.log.filter(({ message }) => message === 'job').length;
    for (const [name, , , send] of errors) if (name !== 'a username that is taken') await send(crm);
    await test.idle();
    expect(test.log.filter(({ message }) => message === 'job')).toHaveLength(before);
  });
});

describe('an answer keeps secrets and people to itself', () => {
  it.each(crms)('%s: neither key, token, address nor name is in any answer', async (crm) => {
    const draft = { email: `private.${crm}@example.com`, firstName: 'Privatefirst', lastName: 'Privatelast' };
    const id = newContact(test, crm, draft);
    const answers = [
      await webhook(test, crm, 'test', id),
      await webhook(test, crm, 'add', id),
      await webhook(test, crm, 'update', id, { email: draft.email }),
      await webhook(test, crm, 'update_tags', id),
      await webhook(test, crm, 'add', id, { async: 'true' }),
      await webhook(test, crm, 'update', unknownContact[crm], { email: draft.email }),
      await webhook(test, crm, 'nothing', id),
    ];
    for (const { text: answer } of answers) {
      for (const secret of [keyOf(crm), test[crm].token, draft.email, draft.firstName, draft.lastName]) {
        expect(answer).not.toContain(secret);
      }
    }
  });
});
