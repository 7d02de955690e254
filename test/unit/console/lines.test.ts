import { describe, expect, it } from '@jest/globals';
import type { ShownLine } from '../../../lib/console/answers.ts';
import { buckets, groupOf, percentile, stepTable } from '../../../lib/console/chart-data.ts';
import { csv, jsonLines } from '../../../lib/console/export-text.ts';
import { everything, queryOf, valuesOf, wantedLines, wishOf } from '../../../lib/console/line-filter.ts';
import { replayable, replayableOf } from '../../../lib/console/replayable.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const contactId = 'e0000000-0000-4000-8000-000000000001';

let seq = 0;
function shown(line: Record<string, unknown>, second = 0): ShownLine {
  seq += 1;
  return { seq, time: new Date(start + second * 1000).toISOString(), line };
}
const webhook = (line: object, second = 0) =>
  shown({ message: 'webhook', action: 'update', connection: 'crm', contact_id: contactId, ...line }, second);

describe('a filter', () => {
  const lines = [
    webhook({ result: 'created', role: 'customer' }, 0),
    webhook({ result: 'refused', error_code: 'email_missing' }, 10),
  ];
  const now = () => new Date(start + 3_605_000);
  const count = (wish: object) => wantedLines(lines, { ...everything, ...wish }, now).length;

  it.each([
    [{}, 2],
    [{ q: 'CUSTOMER created' }, 1],
    [{ q: 'customer refused' }, 0],
    [{ result: 'refused' }, 1],
    [{ action: 'add' }, 0],
    [{ from: String(start + 5000), to: String(start + 20_000) }, 1],
    [{ from: String(start + 5000) }, 1],
    [{ since: '1h' }, 1],
    [{ since: '2h' }, 2],
    [{ since: '2h', from: String(start + 5000) }, 1],
    [{ since: '1h', from: String(start) }, 1],
    [{ since: 'ever' }, 2],
  ])('%j wants %i', (wish, wanted) => expect(count(wish)).toBe(wanted));

  it('stands in an address and comes back', () => {
    const wish = { ...everything, q: 'a b&c', result: 'created', from: '5' };
    expect(wishOf(new URLSearchParams(queryOf(wish)))).toEqual(wish);
    expect(queryOf(everything)).toBe('');
  });

  it('offers what there is', () => expect(valuesOf(lines, 'result')).toEqual(['created', 'refused']));
});

describe('a replay', () => {
  it('has the action, the contact, the role, the mail, and the time of the webhook', () => {
    const line = webhook({ role: 'customer', notify: true, received_at: '2025-12-31T23:59:59.000Z' });
    expect(replayable(line)).toEqual({
      contact: {
        action: 'update',
        connection: 'crm',
        contactId,
        role: 'customer',
        notify: true,
        receivedAt: '2025-12-31T23:59:59.000Z',
      },
    });
  });

  it.each([
    ['a webhook', { ms: { total: 1500 } }, '2025-12-31T23:59:58.500Z'],
    ['a job', { message: 'job', age_s: 60, ms: { total: 500 } }, '2025-12-31T23:58:59.500Z'],
  ])('of %s of an earlier release is not later than it was', (_what, line, receivedAt) => {
    expect(replayable(webhook(line))).toMatchObject({ contact: { receivedAt } });
  });

  it.each([
    ['a digest', { contact_id: 'sha256:0123456789abcdef' }, /only a digest/],
    ['nobody', { contact_id: undefined }, /names no contact/],
    ['nothing known', { action: 'none' }, /refused before/],
    ['a question', { action: 'test' }, /question/],
    ['effects', { message: 'job', action: 'effects' }, /user resend/],
    ['a batch', { contact_id: undefined, jobs: 3 }, /was a batch/],
    ['a mail event', { message: 'mail_event' }, /Only webhooks/],
  ])('is not offered for %s, and it says why', (_what, line, reason) => {
    expect(replayable(webhook(line))).toEqual({ reason: expect.stringMatching(reason) });
  });

  it('takes each contact once, as its last webhook wanted it', () => {
    const at = (second: number) => new Date(start + second * 1000).toISOString();
    const lines = [
      webhook({ role: 'editor', received_at: at(9) }),
      webhook({ role: 'customer', received_at: at(5) }),
      webhook({ contact_id: 'sha256:0123456789abcdef' }),
    ];
    const { contacts, left } = replayableOf(lines);
    expect({ roles: contacts.map(({ role }) => role), left }).toEqual({ roles: ['editor'], left: 1 });
  });
});

describe('an export', () => {
  const line = webhook({
    changed: ['city', 'role'],
    ms: { total: 12 },
    action: '=cmd()',
    warnings: ['a,"b"'],
  });

  it('as a table quotes, and begins no formula', () => {
    const [head = '', row = ''] = csv([line]).split('\r\n');
    expect(row).toContain(`,'=cmd(),`);
    expect(row).toContain(',city role,');
    expect(row).toContain('"a,""b"""');
    expect(head.split(',')).toContain('ms_total');
    expect(row).toContain(',12,');
  });

  it('as JSON is what was logged', () => expect(JSON.parse(jsonLines([line]))).toEqual(line.line));
});

describe('charts', () => {
  it.each([
    ['created', 'done'],
    ['waiting', 'waits'],
    ['refused', 'refused'],
    ['given_up', 'failed'],
    [undefined, 'failed'],
  ])('%s is %s', (result, group) => expect(groupOf(webhook({ result }))).toBe(group));

  it('have the percentiles of each step', () => {
    const lines = Array.from({ length: 100 }, (_, index) =>
      webhook({ result: 'created', ms: { total: index + 1, crm: 5 } }, index),
    );
    expect(percentile([], 50)).toBeUndefined();
    expect(stepTable(lines)).toEqual([
      { step: 'total', p50: 50, p95: 95 },
      { step: 'crm', p50: 5, p95: 5 },
    ]);
    const { times, counts, p95 } = buckets(lines, 'total');
    expect(times.length).toBeLessThanOrEqual(61);
    expect(counts.done.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(p95.at(-1)).toBe(100);
  });

  it('of nothing are empty', () => expect(buckets([], 'crm').times).toEqual([]));
});
