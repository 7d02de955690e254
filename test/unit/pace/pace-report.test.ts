import { describe, expect, it } from '@jest/globals';
import { join } from '../../../functions/pace/line.ts';
import type { PaceState } from '../../../functions/pace/pace-item.ts';
import { type PaceReport, paceReport } from '../../../functions/pace/pace-report.ts';
import { failed, limited } from '../../../functions/pace/rate.ts';
import { paceLine } from '../../../lib/commands/support/pace-line.ts';

const since = '2026-03-01T12:00:00.000Z';
const now = Date.parse(since);
const stamp = 'one';
const slow = join(limited(undefined, { documented: 2 }, now), 'batch', 9, now);

describe('what is said of a connection', () => {
  it.each<
    [name: string, state: PaceState | undefined, report: PaceReport | undefined, line: RegExp | undefined]
  >([
    ['nothing while all is well', undefined, undefined, undefined],
    [
      'nothing of a contact that was refused a moment ago',
      { access: { testedAt: now, refused: ['a'] }, stamp },
      undefined,
      undefined,
    ],
    [
      'a limit, with its line',
      { rate: slow, stamp },
      {
        reason: 'crm_rate_limited',
        since,
        calls_per_second: 2,
        waiting: 9,
        last_due: '2026-03-01T12:00:05.500Z',
      },
      /^since 2026\S+ the CRM limits our calls; now 2 calls a second; 9 wait; the last is due at 2026\S+\.$/,
    ],
    [
      'an outage, in which nobody waits yet',
      { rate: failed(undefined, {}, now), stamp },
      { reason: 'crm_unavailable', since, calls_per_second: 4, waiting: 0 },
      /^since \S+ the CRM does not answer as it should; now 4 calls a second; 0 wait\.$/,
    ],
    [
      'a rejected token, whatever else is wrong',
      { rate: slow, access: { testedAt: now + 9, rejectedAt: now, refused: [] }, stamp },
      { reason: 'crm_credentials_rejected', since, waiting: 9 },
      /^since \S+ the CRM rejects the API token, which is tried once a minute; 9 wait\.$/,
    ],
    [
      'a lost permission',
      { access: { testedAt: now, refused: ['a'], isIncomplete: true }, stamp },
      { reason: 'crm_access_incomplete', since, waiting: 0 },
      /refuses one contact after the other; 0 wait\.$/,
    ],
  ])('%s', (_name, state, report, line) => {
    expect(paceReport(state, now)).toEqual(report);
    if (line) expect(paceLine(report)).toMatch(line);
    else expect(paceLine(report)).toBeUndefined();
  });

  it('never counts fewer than none in line', () => {
    const rate = { ...slow, batch: { ...slow.batch, served: 20 } };
    expect(paceReport({ rate, stamp }, now)).toMatchObject({ waiting: 0 });
  });
});
