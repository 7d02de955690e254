import { describe, expect, it } from '@jest/globals';
import { connectorOf } from '../../functions/crm/registry.ts';
import { descriptions } from '../../lib/sandbox/descriptions.ts';
import { webhookRequest } from '../../lib/sandbox/webhook-request.ts';
import { allEntries } from './entries.ts';

const secret = 'fake-webhook-secret';
const now = new Date('2026-03-01T12:00:00Z');

describe.each(allEntries)('what %s signs', (crm, { unknownId }) => {
  const { isSigned } = connectorOf(crm).webhook;
  const { signature } = descriptions[crm];
  const { method, url, headers, body } = webhookRequest(
    crm,
    new URL('https://usher.example.com/?wpf_action=add&role=a%40b'),
    { id: unknownId, email: 'nobody@example.com' },
    now,
  );

  it('is signed by its sandbox, too', () => {
    expect(signature !== undefined).toBe(isSigned !== undefined);
  });

  it('is taken for its own', () => {
    const all = { ...headers, ...signature?.(body, secret, now, url) };
    const lower = Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]);
    const sent = { method, url, headers: Object.fromEntries(lower), body: Buffer.from(body), now };
    const isOwn = (change: object, key = secret) => isSigned?.({ ...sent, ...change }, key) ?? false;
    expect(isOwn({})).toBe(isSigned !== undefined);
    expect(isOwn({}, 'another-secret')).toBe(false);
    expect(isOwn({ body: Buffer.from(`${body} `) })).toBe(false);
    expect(isOwn({ headers })).toBe(false);
  });
});
