import { createHash, createHmac } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Sha256 } from '../../../functions/webhook/sha256.ts';

const text = 'AWS4-HMAC-SHA256 ü';
const bytes = new TextEncoder().encode(text);
const secret = new Uint8Array(32).fill(7);

async function digest(
  secretOrNot: ConstructorParameters<typeof Sha256>[0],
  ...parts: (string | Uint8Array)[]
) {
  const hash = new Sha256(secretOrNot);
  for (const part of parts) hash.update(part);
  return Buffer.from(await hash.digest()).toString('hex');
}

it.each([
  ['text', text],
  ['bytes', bytes],
  ['a part of a buffer', Buffer.from(`x${text}x`).subarray(1, -1)],
])('hashes %s', async (_, data) => {
  expect(await digest(undefined, data)).toBe(createHash('sha256').update(text).digest('hex'));
});

it.each([
  ['text', 'a secret', 'a secret'],
  ['an empty text', '', ''],
  ['bytes', secret, secret],
  ['a part of a buffer', Buffer.from('xa secretx').subarray(1, -1), 'a secret'],
  ['an ArrayBuffer', secret.buffer, secret],
] as const)('signs with a secret given as %s', async (_, key, same) => {
  expect(await digest(key, bytes)).toBe(createHmac('sha256', same).update(text).digest('hex'));
});

it('takes its data in parts', async () => {
  expect(await digest(secret, text, bytes)).toBe(
    createHmac('sha256', secret).update(text).update(text).digest('hex'),
  );
});

it.each([['with', secret] as const, ['without', undefined] as const])(
  'begins anew %s its secret after a reset',
  async (_, key) => {
    const hash = new Sha256(key);
    hash.update('something else');
    hash.reset();
    hash.update(text);
    expect(Buffer.from(await hash.digest()).toString('hex')).toBe(await digest(key, text));
  },
);
