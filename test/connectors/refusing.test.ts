import { describe, expect, it } from '@jest/globals';
import { refusal } from '../../functions/crm/crm-answer.ts';
import type { CrmRateLimited } from '../../functions/crm/crm-errors.ts';
import { UsherError } from '../../functions/errors.ts';
import { account, allEntries } from './entries.ts';
import { firstRequest, talk } from './talk.ts';

describe.each(allEntries)('%s refuses', (crm, entry) => {
  const { connector, api } = account(crm, entry);
  const [example] = entry.writes;
  if (!example) throw new Error('There is no write.');
  const { id, field, value, answers } = example;
  const load = firstRequest(api.load({ id: entry.unknownId }, []));
  const write = talk(api.write(id, field, value), answers).requests.at(-1) ?? load;
  const now = new Date('2026-03-01T12:00:00Z');

  it.each(Object.entries(entry.errors))('%s', (_name, { status, headers = {}, body, code, ...more }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = { status, headers, body: text };
    const error = refusal(answer, more.isWrite ? write : load, { api, limits: connector.limits, now });
    expect(error).toBeInstanceOf(UsherError);
    expect(error).toMatchObject({ code, retryAfterSeconds: more.seconds });
  });

  it.each(['contact_not_found', 'crm_credentials_rejected', 'crm_rate_limited'])('%s somehow', (code) => {
    expect(Object.values(entry.errors).map((refused) => refused.code)).toContain(code);
  });

  it.each(['', 'soon', '-1', '0', '1e400', '99999999999999'])(
    'to believe a limit that says %j',
    (nonsense) => {
      for (const { status, headers = {}, code } of Object.values(entry.errors)) {
        if (code !== 'crm_rate_limited') continue;
        const unclear = Object.fromEntries(Object.keys(headers).map((name) => [name, nonsense]));
        const error = refusal({ status, headers: unclear, body: '' }, load, {
          api,
          limits: connector.limits,
          now,
        });
        const { retryAfterSeconds = 0, perSecond = 1 } = error as CrmRateLimited;
        expect(retryAfterSeconds).toBeGreaterThanOrEqual(0);
        expect(retryAfterSeconds).toBeLessThanOrEqual(12 * 60 * 60);
        expect(perSecond).toBeGreaterThan(0);
        expect(perSecond).toBeLessThanOrEqual(1000);
      }
    },
  );

  it('what it has not signed', () => {
    const { isSigned } = connector.webhook;
    expect(entry.signed !== undefined).toBe(isSigned !== undefined);
    for (const { webhook, secret } of Object.values(entry.signed ?? {})) {
      expect(isSigned?.(webhook, secret)).toBe(true);
      expect(isSigned?.(webhook, `${secret}x`)).toBe(false);
      expect(isSigned?.({ ...webhook, headers: {} }, secret)).toBe(false);
      expect(isSigned?.({ ...webhook, body: Buffer.concat([webhook.body, Buffer.from(' ')]) }, secret)).toBe(
        false,
      );
    }
  });
});
