import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noteSecret } from '../support/leaks.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { keyOf, request, type WebhookOptions } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { crms, newContact } from './contacts.ts';

let test: TestStack;
/** Both valid while an operator moves from one to the other. */
let rotated: string[];

const newKey = () => {
  const key = randomBytes(24).toString('base64url');
  noteSecret(key);
  return key;
};

beforeAll(async () => {
  test = await startTestStack({ config: withoutPasswords });
  rotated = [newKey(), newKey()];
  test.stack.setSecret('encharge', { accessKeys: rotated, apiToken: test.encharge.token });
  // Tests ask for the connection's key; from now on that is the current one.
  Object.assign(test.stack.connections['encharge'] ?? {}, { accessKey: rotated[0] });
});
afterAll(() => test.stop());

const places: [string, (key: string) => WebhookOptions][] = [
  ['query', (key) => ({ query: { access_key: key } })],
  ['header X-Access-Key', (key) => ({ headers: { 'X-Access-Key': key } })],
  ['header Authorization: Bearer', (key) => ({ headers: { Authorization: `Bearer ${key}` } })],
  ['header Authorization: bearer, in any case', (key) => ({ headers: { Authorization: `bearer  ${key}` } })],
  ['form body', (key) => ({ body: `access_key=${key}` })],
  ['JSON body', (key) => ({ body: JSON.stringify({ access_key: key }) })],
];

describe.each(places)('the key in the %s', (_place, withKey) => {
  const send = (key: string, contact_id: string) => {
    const { query, ...rest } = withKey(key);
    return request(test, { method: 'POST', query: { wpf_action: 'add', contact_id, ...query }, ...rest });
  };

  it.each(crms)('%s: opens its own connection', async (crm) => {
    const id = newContact(test, crm);
    expect((await send(keyOf(test, crm), id)).status).toBe(200);
    expect(await test.userOf(crm, id)).toBeDefined();
  });

  it('a wrong one is 403', async () => {
    expect((await send(newKey(), '1')).status).toBe(403);
  });
});

describe('403', () => {
  const refusals: [string, () => WebhookOptions][] = [
    ['no key', () => ({})],
    ['an empty key', () => ({ query: { access_key: '' } })],
    ['a wrong key', () => ({ query: { access_key: newKey() } })],
    ['credentials of another scheme', () => ({ headers: { authorization: 'Basic dXNlcjpwYXNz' } })],
    ['a key that is an object', () => ({ body: '{"access_key":{"$ne":""}}' })],
    ['a key that is a list', () => ({ body: `{"access_key":["${rotated[0]}"]}` })],
    // The key comes first: whoever has none learns nothing of how bodies and parameters are read.
    ['no key and a broken body', () => ({ body: '{"id":' })],
    ['a wrong key and a broken body', () => ({ query: { access_key: newKey() }, body: '{"id":' })],
    ['a wrong key and an unknown action', () => ({ query: { access_key: newKey(), wpf_action: 'remove' } })],
    ['a wrong key and a bad parameter', () => ({ query: { access_key: newKey(), async: 'maybe' } })],
  ];

  it.each(refusals)('%s: the same body for all', async (_name, options) => {
    const { query, ...rest } = options();
    const answer = await request(test, { ...rest, query: { wpf_action: 'add', contact_id: '1', ...query } });
    const { request_id, ...body } = answer.body;
    expect(answer.status).toBe(403);
    expect(request_id).toBe(answer.headers.get('apigw-requestid'));
    expect(body).toEqual({
      success: false,
      error: { code: 'invalid_access_key', message: 'The access key is missing, wrong or revoked.' },
    });
  });

  it('a key in the query counts, not the better one in a header', async () => {
    const [key = ''] = rotated;
    const query = { wpf_action: 'test', access_key: newKey() };
    expect((await request(test, { query, headers: { 'x-access-key': key } })).status).toBe(403);
  });

  it("a key opens its own connection only: another account's contact is not reached", async () => {
    const id = newContact(test, 'userengage');
    const query = { wpf_action: 'add', access_key: keyOf(test, 'encharge'), contact_id: id };
    expect((await request(test, { query })).body.data).toMatchObject({ reason: 'contact_not_found' });
    expect(await test.userOf('userengage', id)).toBeUndefined();
  });
});
