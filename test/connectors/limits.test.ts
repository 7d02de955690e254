import { describe, expect, it } from '@jest/globals';
import { descriptions } from '../../lib/sandbox/descriptions.ts';
import { allEntries } from './entries.ts';
import { playedCrm } from './played-crm.ts';

const seconds = 17;
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

describe.each(allEntries)('a limit of %s', (crm, entry) => {
  const description = { ...descriptions[crm], limits: [{ calls: 1, seconds }] };
  const noon = new Date('2026-03-01T12:00:00Z');
  const played = playedCrm(crm, entry, { description, now: () => noon });
  const { rateLimited } = description.errors;
  /** What the CRM says, without the number that it gives every error. */
  const said = (wait: number) => JSON.stringify(rateLimited?.(wait))?.replaceAll(uuid, '');
  /** Whether it says how long, which shows where it says two different things. */
  const isNamed = said(1) !== said(4000);

  it.each([
    ['a load', () => played.client().load(entry.unknownId)],
    ['a search', () => played.client().loadByEmail('ada@example.com')],
    ['a write', () => played.client().writeField(entry.unknownId, String(entry.writable[0]), 'x')],
    ['a check', () => played.client().testCredentials()],
  ])('is understood when it answers %s', async (_name, ask) => {
    played.sandbox.limits.switch(true);
    // The only call that is allowed, and the next one where a check takes two.
    await played
      .client()
      .testCredentials()
      .catch((limited: unknown) => expect(limited).toMatchObject({ code: 'crm_rate_limited' }));
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'crm_rate_limited', retryable: true });
    if (!isNamed) return;
    // A vendor may name the time at which it ends, in whole seconds.
    const { retryAfterSeconds = 0 } = error as { retryAfterSeconds?: number };
    expect(Math.abs(retryAfterSeconds - seconds)).toBeLessThanOrEqual(1);
  });
});
