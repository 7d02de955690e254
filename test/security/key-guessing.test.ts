import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutPasswords } from '../contract/configs.ts';
import { createIo } from '../support/io.ts';
import { noteSecret } from '../support/leaks.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { request, type WebhookAnswer, type WebhookOptions } from '../support/webhook.ts';

const io = createIo();
let test: TestStack;
let right: string;
/** Valid until a moment ago. */
let revoked: string;

const newKey = () => {
  const key = randomBytes(24).toString('base64url');
  noteSecret(key);
  return key;
};
const isValid = async (access_key: string) =>
  (await request(test, { query: { wpf_action: 'test', access_key } })).status === 200;

beforeAll(async () => {
  test = await startTestStack({ config: withoutPasswords, withPoller: false, adjust: io.adjust });
  revoked = String(test.stack.connections['encharge']?.accessKey);
  // One with letters of both cases and both special characters, so that every variant is another key.
  right = `aB-_${newKey()}`;
  noteSecret(right);
  test.stack.setSecret('encharge', { accessKeys: [right], apiToken: test.encharge.token });
  expect([await isValid(right), await isValid(revoked)]).toEqual([true, false]);
});
afterAll(() => test.stop());

/** Everything of an answer that its sender sees, but for what tells one request from another. */
function seen({ status, headers, text, body }: WebhookAnswer): string {
  const rest = [...headers].filter(([name]) => !['apigw-requestid', 'date'].includes(name));
  return JSON.stringify([status, rest, text.replace(JSON.stringify(body.request_id), '"…"')]);
}

const variants = (): [name: string, guess: string][] => [
  ['a wrong one', newKey()],
  ['a revoked one', revoked],
  ['the beginning', right.slice(0, -1)],
  ['half', right.slice(0, right.length / 2)],
  ['the end', right.slice(1)],
  ['one character more', `${right}A`],
  ['one character before', `A${right}`],
  ['twice', right + right],
  ['in capitals', right.toUpperCase()],
  ['in small letters', right.toLowerCase()],
  ['one letter in another case', right.replace('a', 'A')],
  ['backwards', [...right].reverse().join('')],
  ['in the other base64', right.replaceAll('-', '+').replaceAll('_', '/')],
  ['with padding', `${right}==`],
  ['its digest', createHash('sha256').update(right).digest('hex')],
  ['its fingerprint', createHash('sha256').update(right).digest('hex').slice(0, 8)],
  ['quoted', `"${right}"`],
  ['as a list', `${right},${right}`],
  ['a pattern', '*'],
  ['a condition', "' OR '1'='1"],
  ['a name of every object', '__proto__'],
  ['very long', right.repeat(40)],
];
/** What only a URL or a body can carry. */
const strange = (): [name: string, guess: string][] => [
  ['with a NUL', `${right}\u0000`],
  ['with a line break inside', `${right.slice(0, 8)}\n${right.slice(8)}`],
  ['with an invisible character', `${right}\u200B`],
  ['full width', right.replace('a', 'ａ')],
  ['Cyrillic', right.replace('a', 'а')],
  ['percent-encoded twice', right.replace('a', '%61')],
];
const places: [string, (key: string) => WebhookOptions][] = [
  ['query', (key) => ({ query: { access_key: key } })],
  ['form', (key) => ({ body: String(new URLSearchParams({ access_key: key })) })],
  ['JSON', (key) => ({ body: JSON.stringify({ access_key: key }) })],
  ['X-Access-Key', (key) => ({ headers: { 'x-access-key': key } })],
  ['Bearer', (key) => ({ headers: { authorization: `Bearer ${key}` } })],
];
const inHeaders = new Set(['X-Access-Key', 'Bearer']);

const guess = (place: (key: string) => WebhookOptions, key: string) => {
  const { query, ...rest } = place(key);
  return request(test, {
    method: 'POST',
    ...rest,
    query: { wpf_action: 'add', contact_id: '1', ...query },
  });
};

it('every guess, wherever it stands, gets the answer that no key at all gets: byte by byte', async () => {
  const expected = seen(
    await request(test, { method: 'POST', query: { wpf_action: 'add', contact_id: '1' } }),
  );
  expect(expected).toContain('403');
  for (const [name, place] of places) {
    // The right one opens the door, or the others would prove nothing.
    expect([name, (await guess(place, right)).status]).toEqual([name, 202]);
    for (const [variant, key] of [...variants(), ...(inHeaders.has(name) ? [] : strange())]) {
      expect([name, variant, seen(await guess(place, key))]).toEqual([name, variant, expected]);
    }
  }
});

it('500 guesses in 25 seconds make it look for new keys three times, and shut nobody out', async () => {
  io.revive();
  io.clear();
  const connections = Object.keys(test.stack.connections).length;
  for (let second = 0; second < 25; second += 1) {
    const guesses = Array.from({ length: 20 }, () =>
      request(test, { query: { wpf_action: 'test', access_key: newKey() } }),
    );
    expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).toEqual(new Set([403]));
    io.advance(1000);
  }
  // When it started, after ten seconds, and after twenty: every connection's secret.
  expect(io.count('secretsmanager')).toBe(3 * connections);
  expect(io.calls.length).toBe(3 * connections);
  expect(await isValid(right)).toBe(true);
});

describe('a key that was put into a wrong place is in no answer and no line of log', () => {
  const misplaced: [string, (key: string) => WebhookOptions][] = [
    ['the path', (key) => ({ path: `/${key}` })],
    ['wpf_action', (key) => ({ query: { wpf_action: key } })],
    ['contact_id', (key) => ({ query: { contact_id: key } })],
    ['contact_id, queued', (key) => ({ query: { contact_id: key, async: 'true' } })],
    ['contact_id of update', (key) => ({ query: { wpf_action: 'update', contact_id: key } })],
    ['email', (key) => ({ query: { email: key } })],
    ['an address', (key) => ({ query: { wpf_action: 'update', email: `${key}@example.com` } })],
    ['role', (key) => ({ query: { contact_id: '1', role: key } })],
    ['send_notification', (key) => ({ query: { contact_id: '1', send_notification: key } })],
    ['async', (key) => ({ query: { contact_id: '1', async: key } })],
    ["a parameter's name", (key) => ({ query: { [key]: key } })],
    ['a batch', (key) => ({ body: JSON.stringify([{ id: key }, { id: key.slice(1) }]) })],
    ['broken JSON', (key) => ({ body: `{"access_key":"${key}"` })],
    ['JSON as a key', (key) => ({ body: JSON.stringify({ [key]: { [key]: key } }) })],
    ['too large a body', (key) => ({ body: key.repeat(10_000) })],
    [
      'other headers',
      (key) => ({
        headers: {
          referer: `https://example.com/?access_key=${key}`,
          cookie: `key=${key}`,
          from: key,
          'user-agent': key,
          'x-request-id': key,
          'x-amzn-trace-id': key,
          'x-forwarded-for': key,
        },
      }),
    ],
    ['the method', (key) => ({ method: 'PUT', headers: { 'x-http-method-override': key } })],
  ];

  it.each(misplaced)('%s', async (_name, place) => {
    const wrong = newKey();
    for (const [key, access_key] of [
      [right, right],
      [wrong, wrong],
      [wrong, right],
    ] as const) {
      const logged = test.log.length;
      const { query, ...rest } = place(key);
      const answer = await request(test, { ...rest, query: { wpf_action: 'add', access_key, ...query } });
      const told = JSON.stringify([answer.text, [...answer.headers], test.log.slice(logged)]);
      expect(test.log.length).toBe(logged + 1);
      expect([right, wrong, wrong.slice(1)].filter((secret) => told.includes(secret))).toEqual([]);
    }
  });
});
