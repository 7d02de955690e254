import { describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { create, pauses, plan, table, useEffectPorts, work } from './effect-ports.ts';

useEffectPorts();

/** When a job was made that is so many milliseconds old. */
const ago = (ms: number) => ({ createdAt: new Date(table.now().getTime() - ms).toISOString() });

describe('an effects job whose user is not there yet', () => {
  it.each([
    ['first', [25]],
    ['second', [25, 75]],
    ['third', [25, 75, 200]],
    ['last', [25, 75, 200, 700]],
  ])('finds it after the %s pause', async (_name, rested) => {
    const user = plan(['welcome_mail']);
    const sleep = async (ms: number) => {
      pauses.push(ms);
      if (pauses.length === rested.length) await createUser(table, user);
    };
    expect(await work(user, { sleep })).toEqual({ result: 'done', done: ['welcome_mail'] });
    expect(pauses).toEqual(rested);
  });

  it.each([0, 120_000])('comes again when it is %i ms old', async (age) => {
    await expect(work(plan(['welcome_mail']), {}, ago(age))).rejects.toMatchObject({
      code: 'user_not_created_yet',
      retryable: true,
      message: expect.stringMatching(/has not been written yet/),
    });
    expect(pauses).toEqual([25, 75, 200, 700]);
  });

  it('ends after two minutes', async () => {
    const outcome = await work(plan(['welcome_mail']), {}, ago(120_001));
    expect(outcome).toEqual({ result: 'user_not_created', done: [] });
  });

  it('ends at once when the contact is another user’s', async () => {
    const other = await create([]);
    expect(await work(other, {}, { userId: 'nobody' })).toEqual({ result: 'user_not_created', done: [] });
    expect(pauses).toEqual([]);
  });

  it('goes on when the user is created between the look at it and the look at its contact', async () => {
    const user = plan(['welcome_mail']);
    let reads = 0;
    table.meddle = async (name) => {
      if (name !== 'Get') return;
      reads += 1;
      if (reads === 2) await createUser(table, user);
    };
    expect(await work(user)).toEqual({ result: 'done', done: ['welcome_mail'] });
    expect(pauses).toEqual([25]);
  });
});

describe('an effects job for a move', () => {
  const movedAt = '2026-03-01T11:00:00.000Z';
  const moved = (at: string) => ({ ...plan(['welcome_mail']), moved: { at, mails: [at] } });

  it.each([
    ['the move that it is for', movedAt],
    ['a later one', '2026-03-01T11:00:00.001Z'],
  ])('finds %s', async (_name, at) => {
    const user = moved(at);
    await createUser(table, user);
    expect(await work(user, {}, { movedAt })).toMatchObject({ done: ['welcome_mail'] });
  });

  it('waits for the move, and not for one that lost against another write', async () => {
    const user = moved('2026-03-01T10:59:59.999Z');
    const { version } = await createUser(table, user);
    await expect(work(user, {}, { movedAt, version: version + 1 })).rejects.toMatchObject({
      code: 'user_not_created_yet',
    });
    pauses.length = 0;
    expect(await work(user, {}, { movedAt, version })).toMatchObject({ done: ['welcome_mail'] });
    expect(pauses).toEqual([]);
  });

  it.each([{ movedAt }, { awaits: 'welcome_mail' as const }])(
    'waits for no deleted user: %j',
    async (job) => {
      expect(await work(plan(['welcome_mail']), {}, job)).toEqual({ result: 'user_not_created', done: [] });
      expect(pauses).toEqual([]);
    },
  );
});
