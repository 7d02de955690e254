import { describe, expect, it } from '@jest/globals';
import { contactId, contactIds, useVirtualTime, World } from './world.ts';

useVirtualTime();

/** Calls a second on the average, over the whole run. */
const writesPerSecond = ({ paceWrites, ms }: World) =>
  [...paceWrites.values()].reduce((sum, count) => sum + count, 0) / (ms / 1000);

describe('a CRM that allows so many calls a second', () => {
  it.each([
    { count: 50, perSecond: 0.5, namedSeconds: undefined },
    { count: 50, perSecond: 0.5, namedSeconds: 2 },
    { count: 300, perSecond: 2, namedSeconds: undefined },
    { count: 150, perSecond: 2, namedSeconds: 1 },
    { count: 1000, perSecond: 10, namedSeconds: undefined },
    { count: 1000, perSecond: 10, namedSeconds: 1 },
  ])(
    'a batch of $count at $perSecond, named seconds $namedSeconds',
    async ({ count, perSecond, namedSeconds }) => {
      const world = new World({ perSecond, ...(namedSeconds === undefined ? {} : { namedSeconds }) });
      void world.send(contactIds(count));
      const [factor, share] = perSecond < 1 ? [2.5, 0.3] : [1.5, 0.2];
      const isDone = await world.until(
        () => world.appliedAt.size === count,
        (factor * count) / perSecond + 30,
      );
      expect([isDone, world.dead.size]).toEqual([true, 0]);
      expect(world.crm.refused / world.crm.calls).toBeLessThanOrEqual(share);
      expect(writesPerSecond(world)).toBeLessThanOrEqual(20);
      // Each is asked for once, but for the calls that were refused.
      expect(world.crm.calls).toBe(count + world.crm.refused);
    },
  );

  it.each([
    { count: 10, perSecond: 0.5 },
    { count: 20, perSecond: 2 },
    { count: 60, perSecond: 10 },
  ])('questions of two calls: $count passwords go back at $perSecond', async ({ count, perSecond }) => {
    const world = new World({ perSecond, returnsPasswords: true });
    void world.send(contactIds(count));
    // The user's pull, the look before the write, and the write.
    const calls = 3 * count;
    const [factor, share] = perSecond < 1 ? [2.5, 0.3] : [1.5, 0.2];
    const isDone = await world.until(
      () => world.crm.written.size === count,
      (factor * calls) / perSecond + 30,
    );
    expect([isDone, world.dead.size]).toEqual([true, 0]);
    expect(world.crm.refused / world.crm.calls).toBeLessThanOrEqual(share);
  });

  it('is left after some quiet minutes: then nothing is read, written or waited for any more', async () => {
    const world = new World({ perSecond: 2 });
    void world.send(contactIds(30));
    await world.until(() => world.appliedAt.size === 30, 60);
    const later = world.every(10_000, 60, (index) => contactId(100 + index));
    await world.until(() => world.appliedAt.size === 90, 700);
    expect((await later).map(({ status }) => status)).toEqual(Array(60).fill(200));
    expect([...world.table.items.keys()].filter((key) => key.startsWith('PACE#'))).toEqual([]);
  });
});

describe('lanes', () => {
  it('a batch of 1,000 in line: a live webhook is applied within five seconds', async () => {
    const world = new World({ perSecond: 2 });
    void world.send(contactIds(1000));
    await world.until(() => world.appliedAt.size > 20, 60);
    const sentAt = new Map<string, number>();
    const live = world.every(7000, 40, (index) => {
      const id = contactId(5000 + index);
      sentAt.set(id, world.ms);
      return id;
    });
    await world.until(
      () => [...sentAt.keys()].length === 40 && [...sentAt.keys()].every((id) => world.appliedAt.has(id)),
      400,
    );
    await live;
    const waits = [...sentAt].map(([id, at]) => (world.appliedAt.get(id) ?? Number.POSITIVE_INFINITY) - at);
    // One that the CRM itself refuses waits for another slot.
    expect(waits.filter((ms) => ms > 5000).length).toBeLessThanOrEqual(waits.length / 20);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
  });

  it('live webhooks above the rate all the time: a batch of 100 still ends', async () => {
    const world = new World({ perSecond: 2 });
    const batch = contactIds(100);
    const live = world.every(330, 900, (index) => contactId(1000 + index));
    await world.until(() => world.ms > 5000, 10);
    void world.send(batch);
    // A quarter of two calls a second, and something for the learning of the rate.
    const isDone = await world.until(() => batch.every((id) => world.appliedAt.has(id)), 300);
    expect(isDone).toBe(true);
    await world.until(() => world.appliedAt.size === 1000, 2000);
    expect((await live).every(({ status, ms }) => (status === 200 || status === 202) && ms <= 1500)).toBe(
      true,
    );
    expect([world.appliedAt.size, world.dead.size]).toEqual([1000, 0]);
  });
});
