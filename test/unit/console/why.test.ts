import { describe, expect, it } from '@jest/globals';
import { nextDue, whyOf } from '../../../lib/console/why.ts';

describe('why', () => {
  it.each([
    [{ result: 'refused', error_code: 'email_missing' }, 'email_missing', /no usable address/],
    [{ result: 'queued', deferred_by: 'crm_rate_limited' }, 'crm_rate_limited', /429/],
    [{ result: 'waiting', crm_access: 'incomplete' }, 'crm_access_incomplete', /^Ten different contacts/],
    [{ result: 'created' }, undefined, /^A user was made of the contact\.$/],
    [{ result: 'welcome_mail+return_password' }, undefined, /mail is sent\. A new password/],
    [{ result: 'given_up' }, undefined, /36 hours old/],
    [{ result: 'refused', error_code: 'of_next_year' }, undefined, /another release/],
    [{ result: 'refused', error_code: 'constructor' }, undefined, /another release/],
    [{ message: 'secret unreadable' }, undefined, /^Secret unreadable\.$/],
  ])('of %j', (line, code, because) => {
    const why = whyOf(line);
    if (code !== undefined) expect(why.code).toBe(code);
    expect(why.because).toMatch(because);
    expect(why.next === undefined).toBe(code === undefined);
    expect(JSON.stringify(why)).not.toMatch(/`|\]\(/);
  });
});

it('a job that rests is tried again after that', () => {
  const time = '2026-01-01T00:00:00.000Z';
  expect(nextDue({ seq: 1, time, line: { rest_s: 90 } })).toBe('2026-01-01T00:01:30.000Z');
  expect(nextDue({ seq: 1, time, line: {} })).toBeUndefined();
});
