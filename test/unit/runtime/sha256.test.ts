import { createHash, createHmac } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from '@jest/globals';
import { HttpRequest } from '@smithy/core/protocols';
import { Sha256 } from '../../../functions/runtime/sha256.ts';

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

it("signs requests as the SDK's own does", async () => {
  const signer = (options: { sha256?: typeof Sha256 }) => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'session' };
    return new DynamoDBClient({ region: 'eu-west-1', credentials, ...options }).config.signer();
  };
  const [ours, theirs] = await Promise.all([signer({ sha256: Sha256 }), signer({})]);
  const sign = async (by: typeof ours, day: number) => {
    const request = new HttpRequest({
      method: 'POST',
      headers: { host: 'dynamodb.example.com', 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ text }),
    });
    const { headers } = await by.sign(request, { signingDate: new Date(2026, 0, day) });
    return headers['authorization'];
  };

  const signed = await sign(ours, 1);
  expect(signed).toMatch(/Signature=[0-9a-f]{64}$/);
  // The SDK keeps the keys of fifty days for all of its clients: theirs would sign with ours.
  for (let day = 2; day < 60; day += 1) await sign(theirs, day);
  expect(await sign(theirs, 1)).toBe(signed);
});
