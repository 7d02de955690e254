import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connector, Limits } from '../../functions/crm/connector.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { createPace } from '../../functions/pace/pace.ts';
import { readPace } from '../../functions/pace/pace-item.ts';
import { openTurn } from '../../functions/pace/turn.ts';
import { secureRandom } from '../../functions/random.ts';
import { crm, type Reply, useCrmServer } from '../unit/crm/crm-server.ts';
import { table, useTable } from './store.ts';

useTable();
useCrmServer();
let connection = '';
let made = 0;
beforeEach(() => {
  made += 1;
  connection = `c${made}`;
});

/** A pull by a connector whose vendor documents these limits, which is refused; answers the rate then. */
async function rateAfter(limits: Limits | undefined, reply: Reply) {
  const connector: Connector = { ...connectorOf('encharge'), ...(limits ? { limits } : {}) };
  const pace = createPace(
    {
      connection,
      table,
      random: secureRandom,
      memories: new Map(),
      onProblem: (error) => {
        throw error;
      },
    },
    {
      lane: 'live',
      turn: openTurn({ table, group: `contact ${made}` }),
      isPassing: true,
      randomInt: () => 0,
      sleep: () => Promise.resolve(),
      onHeld: () => undefined,
      onAccess: () => undefined,
    },
  );
  crm.answer(reply);
  const client = crm.client('encharge', { connector, pace, now: table.now });
  await expect(client.load('c1')).rejects.toMatchObject({ code: 'crm_rate_limited' });
  const { rate } = (await readPace(table, connection)) ?? {};
  if (!rate) throw new Error('There is no rate.');
  return { perSecond: rate.perSecond, seconds: (rate.live.next - table.time.getTime()) / 1000 };
}

/** As some vendors write it: calls left, and the second of the clock at which they are given anew. */
const ownHeaders: Limits = {
  perSecond: 10,
  named(headers, now) {
    const [limit, reset] = [headers['x-limit-per-minute'], headers['x-limit-reset']];
    return {
      ...(limit === undefined ? {} : { perSecond: Number(limit) / 60 }),
      ...(reset === undefined ? {} : { seconds: Number(reset) - now.getTime() / 1000 }),
    };
  },
};
const resetIn = (seconds: number) => String(Date.parse('2026-03-01T12:00:00Z') / 1000 + seconds);

describe('a vendor’s limit', () => {
  it.each<
    [name: string, limits: Limits | undefined, headers: Record<string, string>, rate: [number, number]]
  >([
    ['that nobody documents is looked for from one call a second on', undefined, {}, [1, 1]],
    ['as it is documented is where the rate begins', { perSecond: 5 }, {}, [5, 0.2]],
    [
      'as it is documented, after the time that the CRM names',
      { perSecond: 5 },
      { 'retry-after': '7' },
      [5, 7],
    ],
    ['in headers of its own is believed before that', ownHeaders, { 'x-limit-per-minute': '120' }, [2, 0.5]],
    [
      'with the time until it is given anew',
      ownHeaders,
      { 'x-limit-reset': resetIn(20), 'retry-after': '7' },
      [10, 20],
    ],
    ['without these headers is the documented one', ownHeaders, { 'retry-after': '7' }, [10, 7]],
    [
      'for a day keeps nobody waiting for longer than five minutes',
      ownHeaders,
      { 'x-limit-reset': resetIn(86_400) },
      [10, 300],
    ],
  ])('%s', async (_name, limits, headers, [perSecond, seconds]) => {
    expect(await rateAfter(limits, { status: 429, headers })).toEqual({ perSecond, seconds });
  });
});
