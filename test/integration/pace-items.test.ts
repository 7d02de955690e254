import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type PaceState, paceKey, readPace, resume, writePace } from '../../functions/pace/pace-item.ts';
import { limited, type Rate } from '../../functions/pace/rate.ts';
import { type PaceMemory, sharedState } from '../../functions/pace/shared-state.ts';
import { openTurn, turnKey } from '../../functions/pace/turn.ts';
import { secureRandom } from '../../functions/random.ts';
import { awsError, table, useTable } from './store.ts';

let connection = '';
let made = 0;
useTable();
beforeEach(() => {
  made += 1;
  connection = `c${made}`;
});

const now = () => table.time.getTime();
const rate = (): Rate => limited(undefined, { documented: 2.5, namedMs: 1000 }, now());
const itemOf = async (Key: { pk: string; sk: string }) =>
  (await table.documents.send(new GetCommand({ TableName: table.name, Key }))).Item;

describe('the item of a connection', () => {
  const state = (stamp: string): PaceState => ({
    rate: rate(),
    access: { testedAt: now(), refused: ['a'] },
    stamp,
  });

  it('comes back as it was written, and ends by itself two days later', async () => {
    expect(await readPace(table, connection)).toBeUndefined();
    expect(await writePace(table, connection, undefined, state('one'))).toBe(true);
    expect(await readPace(table, connection)).toEqual(state('one'));
    expect((await itemOf(paceKey(connection)))?.['expires']).toBe(now() / 1000 + 2 * 24 * 3600);
  });

  it('is written by one of two who saw the same', async () => {
    const writes = ['one', 'two'].map((stamp) => writePace(table, connection, undefined, state(stamp)));
    expect((await Promise.all(writes)).sort()).toEqual([false, true]);
    const seen = await readPace(table, connection);
    const later = ['three', 'four'].map((stamp) => writePace(table, connection, seen, state(stamp)));
    expect((await Promise.all(later)).sort()).toEqual([false, true]);
  });

  it('goes when there is nothing to know any more, unless somebody has written since', async () => {
    await writePace(table, connection, undefined, state('one'));
    expect(await writePace(table, connection, state('another'), { stamp: 'two' })).toBe(false);
    expect(await writePace(table, connection, state('one'), { stamp: 'two' })).toBe(true);
    expect(await itemOf(paceKey(connection))).toBeUndefined();
    expect(await writePace(table, connection, undefined, { stamp: 'three' })).toBe(true);
    expect(await itemOf(paceKey(connection))).toBeUndefined();
  });

  it('is taken away by `resume`, which says what it was', async () => {
    await writePace(table, connection, undefined, state('one'));
    expect(await resume(table, connection)).toEqual(state('one'));
    expect(await resume(table, connection)).toBeUndefined();
    expect(await readPace(table, connection)).toBeUndefined();
  });
});

describe('what all functions share', () => {
  const problems: unknown[] = [];
  /** A process of its own, unless a memory is given. */
  const open = (memories: PaceMemory = new Map()) =>
    sharedState({
      connection,
      table,
      random: secureRandom,
      memories,
      onProblem: (error) => problems.push(error),
    });
  const count = (before: Rate | undefined): Rate => ({
    ...(before ?? rate()),
    went: (before?.went ?? 0) + 1,
  });
  const wentOf = async () => (await readPace(table, connection))?.rate?.went;

  it('loses nobody’s change, in one process or in several', async () => {
    const memories: PaceMemory = new Map();
    const all = [open(memories), open(memories), open(), open()];
    await Promise.all(
      all.map((one) => one.change(({ rate: before, access }) => ({ rate: count(before), access }))),
    );
    expect(await wentOf()).toBe(4);
  });

  it('is read once by a process, and not written without a change', async () => {
    const calls: string[] = [];
    table.meddle = (name) => void calls.push(name);
    const memories: PaceMemory = new Map();
    await open(memories).load();
    await open(memories).load();
    await open(memories).change(() => undefined);
    expect(calls).toEqual(['Get']);
  });

  it('is given up for by whoever loses again and again', async () => {
    let writes = 0;
    table.meddle = (name) => {
      if (name !== 'Put') return Promise.resolve();
      writes += 1;
      return Promise.reject(awsError('ConditionalCheckFailedException'));
    };
    await open().change(({ rate: before, access }) => ({ rate: count(before), access }));
    expect(writes).toBe(5);
  });

  it('that cannot be written is told, and known in this process', async () => {
    table.meddle = (name) => {
      if (name === 'Put') throw awsError('ThrottlingException');
    };
    const memories: PaceMemory = new Map();
    await open(memories).change(({ rate: before, access }) => ({ rate: count(before), access }));
    expect(problems.splice(0)).toEqual([expect.objectContaining({ name: 'ThrottlingException' })]);
    expect(open(memories).current?.rate?.went).toBe(1);
  });
});

describe('the turn of a job', () => {
  const turnFor = (jobId?: string, hasFailed = false) =>
    openTurn({ table, group: connection, hasFailed, ...(jobId === undefined ? {} : { jobId }) });

  it('is nothing at first, and kept from one try to the next', async () => {
    expect(await turnFor('j1').read()).toEqual({ failures: 0, own: 0, failedAt: undefined });
    await turnFor('j1').wait(7);
    expect(await turnFor('j1').read()).toMatchObject({ ticket: 7, failures: 0, own: 0 });
    expect((await itemOf(turnKey(connection)))?.['expires']).toBe(Math.floor(now() / 1000) + 2 * 24 * 3600);
  });

  it('counts a failed try once, whether its own or not, and with it its place is gone', async () => {
    await turnFor('j1').wait(7);
    const first = turnFor('j1');
    await first.fail(false);
    await first.fail(true);
    expect(await turnFor('j1').read()).toMatchObject({ failures: 1, own: 0, failedAt: now() });
    expect((await turnFor('j1').read()).ticket).toBeUndefined();
    const second = turnFor('j1');
    expect(await second.fail(true)).toMatchObject({ failures: 2, own: 1 });
    expect(await turnFor('j1').read()).toMatchObject({ jobId: 'j1', failures: 2, own: 1 });
  });

  it('of the next job of the contact begins anew, but for when a call for it failed', async () => {
    await turnFor('j1').fail(true);
    expect(await turnFor('j2').read()).toEqual({ failures: 0, own: 0, failedAt: now() });
    await turnFor('j2').wait(3);
    expect(await turnFor('j2').read()).toMatchObject({
      jobId: 'j2',
      ticket: 3,
      failures: 0,
      failedAt: now(),
    });
  });

  it('of a job whose webhook has failed has a failure behind it', async () => {
    expect(await turnFor('j1', true).read()).toMatchObject({ failures: 1, own: 0 });
  });

  it('of a webhook marks its contact, and leaves what its job has written', async () => {
    await turnFor('j1').wait(7);
    await turnFor().wait(9);
    await turnFor().fail(true);
    expect(await turnFor('j1').read()).toMatchObject({
      jobId: 'j1',
      ticket: 7,
      failures: 0,
      failedAt: now(),
    });
  });

  it('is not written again for the same place', async () => {
    await turnFor('j1').wait(7);
    let writes = 0;
    table.meddle = (name) => {
      if (name !== 'Get') writes += 1;
    };
    await turnFor('j1').wait(7);
    expect(writes).toBe(0);
  });
});
