import { describe, expect, it } from '@jest/globals';
import type { Broken } from './virtual-crm.ts';
import { contactId, contactIds, useVirtualTime, World } from './world.ts';

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

const kinds: Broken[] = ['403', '404 in HTML', '429', '429 with a time', '500', 'hang', 'reset'];
const counts = [1, 3, 6, 12, 30];
const [everyMs, healthy] = [5000, 36] as const;

/** How long each healthy webhook took that was sent after the first half minute, in milliseconds, the longest last. */
async function waits(world: World, broken: readonly string[]): Promise<number[]> {
  const sentAt = new Map<string, number>();
  for (const id of broken) void world.send(id);
  void world.every(everyMs, healthy, (index) => {
    const id = contactId(1000 + index);
    sentAt.set(id, world.ms);
    return id;
  });
  const isDone = () => sentAt.size === healthy && [...sentAt.keys()].every((id) => world.appliedAt.has(id));
  await world.until(isDone, (everyMs * healthy) / 1000 + 60);
  return [...sentAt]
    .filter(([, at]) => at > 30_000)
    .map(([id, at]) => (world.appliedAt.get(id) ?? Number.POSITIVE_INFINITY) - at)
    .sort((one, other) => one - other);
}

describe.each(kinds)('contacts that the CRM answers with %s', (how) => {
  it.each(counts)('%d of them do not hold up a healthy one', async (count) => {
    const broken = contactIds(count);
    const world = new World({ broken: new Map(broken.map((id) => [id, how])) });
    const sorted = await waits(world, broken);
    const within = how.startsWith('429') && count >= 12 ? 30_000 : 10_000;
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThanOrEqual(within);
    if (within === 10_000) expect(sorted.at(-1)).toBeLessThanOrEqual(30_000);
    // Nobody was told that the token is rejected.
    expect(world.lines.filter(({ invocation }) => invocation.access === 'rejected')).toEqual([]);
  });
});
