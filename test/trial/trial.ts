import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Line } from '../../functions/runtime/log.ts';
import { startDynamoDb } from '../../lib/dev/dynamodb.ts';
import { startLocalStack } from '../../lib/dev/local-stack.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { startFakeSes } from '../support/fake-ses.ts';
import type { Broken, VirtualCrmOptions } from '../virtual/virtual-crm.ts';
import { startLoopbackCrm } from './crm-on-loopback.ts';

/**
 * The cases of the tests in virtual time, in real time: the local stack, DynamoDB Local, the SQS emulator and a CRM on the
 * loopback address. All at once, three minutes in all.
 */

interface Case {
  title: string;
  crm: VirtualCrmOptions;
  /** Contacts of one batch at the start. */
  batch?: number;
  /** Single webhooks: how many, and milliseconds between them. */
  live?: { count: number; everyMs: number };
  /** Broken contacts, all at the start. */
  broken?: { count: number; how: Broken };
  /** Seconds in which everything has to be applied, since the start; single webhooks since they were sent. */
  within: number;
}

const broken = (count: number, how: Broken): Case => ({
  title: `${count} contact(s) answered ${how}, a healthy one every 5 s`,
  crm: {},
  broken: { count, how },
  live: { count: 24, everyMs: 5000 },
  within: 30,
});

const cases: Case[] = [
  { title: '300 at 2 a second', crm: { perSecond: 2 }, batch: 300, within: 255 },
  {
    title: '150 at 2 a second, Retry-After: 1',
    crm: { perSecond: 2, namedSeconds: 1 },
    batch: 150,
    within: 143,
  },
  { title: '50 at 0.5 a second', crm: { perSecond: 0.5 }, batch: 50, within: 280 },
  { title: '1,000 at 10 a second', crm: { perSecond: 10 }, batch: 1000, within: 180 },
  broken(1, '403'),
  broken(1, '429'),
  broken(6, '500'),
];

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const fromLive = 100_000;

async function run({ title, crm: options, batch = 0, live, broken: bad, within }: Case, dynamodb: string) {
  const brokenIds = Array.from({ length: bad?.count ?? 0 }, (_, index) => idOf(50_000 + index));
  const crm = await startLoopbackCrm({
    ...options,
    broken: new Map(brokenIds.map((id) => [id, bad?.how ?? '500'])),
  });
  const ses = await startFakeSes();
  const applied = new Map<string, number>();
  const record = ({ result, contactId = '' }: Line) => {
    if (['created', 'unchanged', 'updated'].includes(result) && !applied.has(contactId))
      applied.set(contactId, Date.now());
  };
  const stack = await startLocalStack({
    config: withoutPasswords,
    port: 0,
    log: {
      record,
      problem: (message, fields) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
    },
    running: { dynamodb, ses: ses.endpoint },
    tableName: `trial-${randomUUID()}`,
    crmUrls: { encharge: crm.url },
    tokens: { encharge: 'a-token-of-the-trial' },
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const send = async (body: unknown) => {
    const url = `${stack.webhook}?wpf_action=add&access_key=${stack.connections['encharge']?.accessKey}`;
    const headers = { 'content-type': 'application/json' };
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  const start = Date.now();
  const sentAt = new Map<string, number>();
  if (batch > 0) {
    const ids = Array.from({ length: batch }, (_, index) => idOf(index));
    for (const id of ids) sentAt.set(id, start);
    await send(ids.map((id) => ({ id })));
  }
  for (const id of brokenIds) void send({ id });
  for (let index = 0; index < (live?.count ?? 0); index += 1) {
    const id = idOf(fromLive + index);
    sentAt.set(id, Date.now());
    void send({ id });
    await delay(live?.everyMs ?? 0);
  }
  while (applied.size < sentAt.size && Date.now() - start < (within + 200) * 1000) await delay(200);
  const waits = [...sentAt].map(([id, at]) => ((applied.get(id) ?? Number.POSITIVE_INFINITY) - at) / 1000);
  const slowest = Math.max(...waits);
  const { calls, refused } = crm.crm;
  process.stdout.write(
    `${slowest <= within ? 'ok  ' : 'LATE'} ${title}: ${applied.size} of ${sentAt.size} applied, slowest after ${slowest.toFixed(1)} s (${within}); ${calls} calls, ${refused} refused\n`,
  );
  if (slowest > within) process.exitCode = 1;
  await stack.stop();
  await ses.stop();
  await crm.stop();
}

const dynamodb = await startDynamoDb();
try {
  await Promise.all(cases.map((one) => run(one, dynamodb.endpoint)));
} finally {
  await dynamodb.stop();
}
