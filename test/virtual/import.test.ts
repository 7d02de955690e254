import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { lineFields } from '../../functions/runtime/log.ts';
import type { Deployment } from '../../lib/commands/support/deployment.ts';
import { keepIds } from '../../lib/import/kept-ids.ts';
import { report } from '../../lib/import/report.ts';
import { createSend } from '../../lib/import/send.ts';
import { Tally } from '../../lib/import/tally.ts';
import config from '../../usher.config.ts';
import { exampleState } from '../unit/import/example-state.ts';
import { wait } from './virtual-crm.ts';
import { contactId, contactIds, useVirtualTime, World } from './world.ts';

useVirtualTime();

const clock = { now: () => new Date(), sleep: (ms: number) => wait(ms) };

/** An import of these contacts into a world, as the command sends them. */
function importing(world: World, ids: readonly string[], rate: number) {
  const tally = new Tally();
  let read = 0;
  const look = () => {
    for (const line of world.lines.slice(read))
      tally.note({ message: line.kind, ...lineFields(line) }, Date.now());
    read = world.lines.length;
  };
  const { sqs, queueUrl } = world.services();
  const deployment = { config, stage: undefined, sqs, queueUrl } as unknown as Deployment;
  const state = exampleState({ rate, total: ids.length, startedAt: new Date().toISOString() });
  const send = createSend(deployment, state, { tally, clock, onWait: look });
  let deepest = 0;
  const sending = (async () => {
    for (const id of ids) {
      look();
      await send(id);
      deepest = Math.max(deepest, world.queue.size);
    }
  })();
  return { tally, state, look, sending, deepest: () => deepest };
}

const isOver = (world: World, count: number) => () => world.appliedAt.size >= count;

describe('an import', () => {
  it('lets 200 webhooks of the day stand before it', async () => {
    const world = new World();
    const { sending } = importing(world, contactIds(300), 5);
    const asked = world.every(150, 200, (index) => contactId(10_000 + index), {
      from: 10_000,
      query: { async: 'true' },
    });
    expect(await world.until(isOver(world, 500), 600)).toBe(true);
    await sending;
    await asked;
    const waits = Array.from({ length: 200 }, (_, index) => {
      const at = world.appliedAt.get(contactId(10_000 + index)) ?? Number.POSITIVE_INFINITY;
      return at - (10_000 + index * 150);
    }).sort((one, other) => one - other);
    expect(waits.at(-1)).toBeLessThanOrEqual(5000);
    expect(waits[100]).toBeLessThan(2000);
  });

  it('loses nobody to a CRM that is down for a minute and then allows five calls a second', async () => {
    const world = new World();
    const begin = Date.now();
    world.crm.options = {
      down: { from: begin + 10_000, until: begin + 70_000, how: '503' },
      perSecond: 5,
    };
    const { sending, deepest } = importing(world, contactIds(300), 20);
    expect(await world.until(isOver(world, 300), 3600)).toBe(true);
    await sending;
    expect(world.dead.size).toBe(0);
    expect(world.lines.filter(({ result }) => result === 'given_up')).toEqual([]);
    expect(world.appliedAt.size).toBe(300);
    // Eight at most, and those that are done and about to leave.
    expect(deepest()).toBeLessThanOrEqual(12);
    expect(world.crm.refused).toBeLessThan(30);
  });

  it('names those who are deleted while it runs, and waits for none of them for long', async () => {
    const ids = contactIds(100);
    const gone = ids.filter((_, index) => index % 5 === 0);
    const world = new World();
    world.crm.options = { gone: new Set(gone) };
    const { tally, state, look, sending } = importing(world, ids, 20);
    const isOver = () => {
      look();
      return tally.done === 100;
    };
    expect(await world.until(isOver, 60)).toBe(true);
    await sending;
    expect(tally.counts()).toEqual({ created: 80, 'refused (contact_not_found)': 20 });
    Object.assign(state, { sent: ids.length, isRead: true });
    const cwd = await mkdtemp(join(tmpdir(), 'usher-import-'));
    await keepIds(cwd, state, { sent: ids, others: [] });
    const lines: string[] = [];
    const terminal = { out: (line: string) => lines.push(line), err: () => undefined } as never;
    await report(state, { tally, open: 0 }, { json: true, command: (words) => words, cwd }, terminal);
    await rm(cwd, { recursive: true });
    process.exitCode = 0;
    const named = lines.slice(0, -1).map((line) => (JSON.parse(line) as { contact_id: string }).contact_id);
    expect(named).toEqual(gone);
  });
});
