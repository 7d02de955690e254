import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Access, isTestDue, letIn, refused, rejected, testing } from '../../../functions/pace/access.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const minute = 60_000;

describe('the test of the token', () => {
  it.each<[name: string, access: Access | undefined, isDue: boolean]>([
    ['while nothing is known', undefined, true],
    ['a moment after the last one', { testedAt: now - 1, refused: [] }, false],
    ['just before a minute is over', { testedAt: now - minute + 1, refused: [] }, false],
    ['a minute after the last one', { testedAt: now - minute, refused: [] }, true],
    ['while it is rejected too', { testedAt: now - minute, rejectedAt: 1, refused: [] }, true],
  ])('is due %s: %s', (_name, access, isDue) => {
    expect(isTestDue(access, now)).toBe(isDue);
  });

  it('keeps what is known', () => {
    const access: Access = { testedAt: 1, rejectedAt: 1, refused: ['a'], isIncomplete: true };
    expect(testing(access, now)).toEqual({ ...access, testedAt: now, isTesting: true });
    expect(testing(undefined, now)).toEqual({ refused: [], testedAt: now, isTesting: true });
  });
});

describe('a token that is rejected', () => {
  it('is news once, since the first time', () => {
    const first = rejected(testing(undefined, now), now);
    expect(first).toEqual({ access: { refused: [], testedAt: now, rejectedAt: now }, news: 'rejected' });
    const second = rejected(first.access, now + minute);
    expect(second).toEqual({ access: { refused: [], testedAt: now + minute, rejectedAt: now } });
  });

  it('is forgotten when the CRM lets us in, and that is news once', () => {
    const { access } = rejected(undefined, now);
    if (!access) throw new Error('Nothing is known.');
    expect(letIn(access, now + minute)).toEqual({ access: undefined, news: 'accepted' });
    // Not the time of the test: contacts that are refused must not have it tried all the time.
    expect(letIn(access, now + 1)).toEqual({ access: { testedAt: now, refused: [] }, news: 'accepted' });
    expect(letIn({ testedAt: now, refused: ['a'] }, now + 1)).toEqual({
      access: { testedAt: now, refused: [] },
    });
  });
});

describe('contacts that are refused', () => {
  const tenth = (count: number) =>
    Array.from({ length: count }, (_, index) => `c${index}`).reduce(
      (step, contact) => refused(step.access as Access, contact),
      { access: testing(undefined, now) } as ReturnType<typeof refused>,
    );

  it.each([
    [1, undefined],
    [9, undefined],
    [10, 'incomplete'],
    [11, undefined],
  ])('%i different ones in a row: news is %s', (count, news) => {
    expect(tenth(count).news).toBe(news);
    expect(tenth(count).access?.isIncomplete).toBe(count >= 10 ? true : undefined);
    expect(tenth(count).access).not.toHaveProperty('isTesting');
  });

  it('are not ten when one of them comes ten times', () => {
    let access = testing(undefined, now);
    for (let times = 0; times < 10; times += 1) {
      const step = refused(access, 'the same');
      expect(step.news).toBeUndefined();
      access = step.access as Access;
    }
    expect(access.refused).toEqual(['the same']);
  });

  it('never make the item grow', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 100 }), (contacts) => {
        let access = testing(undefined, now);
        for (const contact of contacts) access = refused(access, contact).access as Access;
        expect(access.refused.length).toBeLessThanOrEqual(10);
        expect(new Set(access.refused).size).toBe(access.refused.length);
      }),
    );
  });
});
