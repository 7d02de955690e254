import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, type WebhookOptions, webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

const add = (options: WebhookOptions) =>
  request(test, { method: 'POST', query: { wpf_action: 'add', access_key: keyOf(test) }, ...options });

const formName = 'id';

async function multipart(fields: Record<string, string>): Promise<WebhookOptions> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = new Response(form);
  const headers = { 'content-type': String(response.headers.get('content-type')) };
  return { headers, body: new Uint8Array(await response.arrayBuffer()) };
}

it('may be multipart/form-data, with its id', async () => {
  const id = newContact(test, crm);
  const { body } = await add(await multipart({ [formName]: id, role: 'customer' }));
  expect(body.data).toMatchObject({ result: 'created', contact_id: id });
  expect(await existingUser(test, crm, id)).toMatchObject({ role: 'subscriber' });
});

it('may be multipart/form-data, with everything', async () => {
  const contact_id = newContact(test, crm);
  const fields = { wpf_action: 'add', access_key: keyOf(test), contact_id, role: 'customer' };
  const { body } = await request(test, { method: 'POST', ...(await multipart(fields)) });
  expect(body.data).toMatchObject({ result: 'created', contact_id });
  expect(await existingUser(test, crm, contact_id)).toMatchObject({ role: 'customer' });
});

it.each([['gzip', 'gzip', gzipSync]] as const)('may be compressed: %s', async (_name, encoding, pack) => {
  for (const type of ['application/json', 'application/octet-stream']) {
    const id = newContact(test, crm);
    const headers = { 'content-encoding': encoding, 'content-type': type };
    const { body } = await add({ headers, body: pack(JSON.stringify({ id })) });
    expect(body.data).toMatchObject({ result: 'created', contact_id: id });
  }
});

it.each([
  ['JSON in a JSON text', (json: string) => JSON.stringify(json)],
  ['JSON in a field called payload', (json: string) => `payload=${encodeURIComponent(json)}`],
])('may be %s', async (_name, wrap) => {
  const id = newContact(test, crm);
  const { body } = await add({ body: wrap(JSON.stringify({ id })) });
  expect(body.data).toMatchObject({ result: 'created', contact_id: id });
});

it.each<[name: string, options: (json: string) => WebhookOptions, says: RegExp]>([
  ['in UTF-16', (json) => ({ body: Buffer.from(`\uFEFF${json}`, 'utf16le') }), /UTF-16/],
  ['cut', (json) => ({ body: json.slice(0, -1) }), /looks like JSON/],
  [
    'not multipart as it says',
    (json) => ({ headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: `x${json}` }),
    /multipart/,
  ],
])('that is %s is 400, and the answer says so', async (_name, options, says) => {
  const id = newContact(test, crm);
  const { status, body } = await add(options(JSON.stringify({ id })));
  expect([status, body.error.code]).toEqual([400, 'malformed_body']);
  expect(body.error.message).toMatch(says);
  expect(await test.userOf(crm, id)).toBeUndefined();
});

const welcomed = { send_notification: 'true' };

/** The lines of the effects job for a user. */
const effectsOf = (userId: string) =>
  test.log.filter(({ action, user_id }) => action === 'effects' && user_id === userId);

describe('an address that SES refuses for good', () => {
  it.each([
    ['a local part outside ASCII', (name: string) => `zoë.${name}`],
    ['a dot last', (name: string) => name.replace('@', '.@')],
  ])('%s: a user with a warning, and no mail is ever tried', async (_name, spoil) => {
    const sent = test.ses.requests;
    const id = newContact(test, crm, { email: spoil(newEmail()) });
    const { status, body } = await webhook(test, crm, 'add', id, welcomed);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ result: 'created', warnings: ['address_not_mailable'] });
    await test.idle();
    expect(test.ses.requests).toBe(sent);
    expect(effectsOf(body.data.user_id)).toMatchObject([
      { result: 'refused', attempt: 1, warnings: ['address_not_mailable'] },
    ]);
    expect(await existingUser(test, crm, id)).toMatchObject({ effects: {} });
  });

  it('is told by each webhook, and any other address by none', async () => {
    const { id } = await newUser(test, crm, { email: `.${newEmail()}` });
    for (const action of ['update', 'add', 'test']) {
      const { warnings } = (await webhook(test, crm, action, id)).body.data;
      expect(warnings).toEqual(['address_not_mailable']);
    }
    expect((await webhook(test, crm, 'add', newContact(test, crm))).body.data.warnings).toEqual([]);
  });
});

describe('an address with what nobody sees', () => {
  it.each(['\u200B'])('%j at its ends is trimmed', async (one) => {
    const email = newEmail();
    const id = newContact(test, crm, { email: `${one}${email} ${one}` });
    const { body } = await webhook(test, crm, 'add', id, welcomed);
    expect(body.data).toMatchObject({ result: 'created', warnings: [] });
    await test.idle();
    expect(await existingUser(test, crm, id)).toMatchObject({ email, login: email });
    expect(test.ses.mails.map(({ to }) => to)).toContainEqual([email]);
  });

  it.each([['U+200B', '\u200B']])('%s inside makes none, and the message says so', async (name, one) => {
    const email = newEmail().replace('.', `.${one}`);
    const id = newContact(test, crm, { email });
    for (const action of ['add', 'test']) {
      const { status, body, text } = await webhook(test, crm, action, id);
      expect([status, body.error.code]).toEqual([422, 'email_missing']);
      expect(body.error.message).toContain(name);
      expect(text).not.toContain('person');
    }
  });

  it('moves nobody there', async () => {
    const { id, user } = await newUser(test, crm);
    changeContact(test, crm, id, { email: `a\u200B${newEmail()}`, tags: ['new'] });
    expect((await webhook(test, crm, 'update', id)).body.data.warnings).toEqual(['field_invalid:user_email']);
    expect(await existingUser(test, crm, id)).toMatchObject({ email: user.email, tags: ['new'] });
  });
});
