import { describe, expect, it } from '@jest/globals';
import { contactId, useVirtualTime, World } from './world.ts';

useVirtualTime();

const [outageSeconds, perSecond] = [600, 5] as const;

describe.each(['503', 'hang'] as const)(
  'a CRM that is down for ten minutes (%s) under five webhooks a second',
  (how) => {
    it('is hardly called, answers nobody late, and is used again at once when it is back', async () => {
      const world = new World({ workers: 8 });
      const [from, until] = [Date.now() + 10_000, Date.now() + (10 + outageSeconds) * 1000];
      world.crm.options = { down: { from, until, how } };
      const count = (outageSeconds + 70) * perSecond;
      const sent = world.every(1000 / perSecond, count, (index) => contactId(index));
      await world.until(() => Date.now() > until, outageSeconds + 20);
      expect(world.crm.downCalls).toBeLessThanOrEqual(250);
      const appliedBefore = world.appliedAt.size;

      expect(await world.until(() => world.appliedAt.size > appliedBefore, 15)).toBe(true);
      expect(await world.until(() => world.appliedAt.size === count, 300)).toBe(true);
      const answers = await sent;
      expect(answers.every(({ ms }) => ms <= 4500)).toBe(true);
      const during = answers.slice(11 * perSecond, outageSeconds * perSecond);
      expect(new Set(during.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(during.map(({ body }) => body.data?.['reason']))).toEqual(new Set(['crm_unavailable']));
      expect(world.dead.size).toBe(0);
    });
  },
);
