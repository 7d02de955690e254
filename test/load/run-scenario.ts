import { setTimeout as sleep } from 'node:timers/promises';
import { type Burst, sendWebhooks } from '../bench/load-generator.ts';
import type { People } from '../bench/load-people.ts';
import type { LoadStage } from '../bench/load-surroundings.ts';
import type { Scenario } from './scenarios.ts';

/** What a load came to. Times in milliseconds. */
export interface LoadResult extends Burst {
  applied: number;
  /** From the first webhook until everybody was seen to be a user. */
  appliedMs: number;
  /** From the first webhook until no job was left. */
  settledMs: number;
  peakMb: number;
  /** How long a script without Usher takes for the same adds, where there are only adds. */
  bareMs: number | undefined;
}

/** Nothing is ended early, and nothing goes on for ever. */
const longest = 10 * 60_000;
/** Failed jobs rest for minutes. */
const longestUntilApplied = 5 * 60_000;

let nextPerson = 1;

/** People nobody has seen yet. */
function newPeople(count: number): People {
  const people = { first: nextPerson, count };
  nextPerson += count;
  return people;
}

/** Makes the CRM take so long with every answer, or no longer at all. */
async function delayCrm({ crm }: LoadStage, latencyMs: number): Promise<void> {
  const faults = new URL('/_sandbox/faults', await crm.call('url', null));
  await fetch(faults, { method: 'DELETE' });
  if (latencyMs > 0) await fetch(faults, { method: 'POST', body: JSON.stringify({ latencyMs }) });
}

/**
 * Waits until every webhook that was taken is applied; a job that never is is given up after minutes. Looks once before it
 * waits for the jobs, not all the time: looking is load too.
 */
async function untilApplied({ usher }: LoadStage, people: People): Promise<number> {
  const end = performance.now() + longestUntilApplied;
  for (;;) {
    const applied = await usher.call('applied', people);
    if (applied === people.count || performance.now() > end) return applied;
    await sleep(250);
    await usher.call('idle', null);
  }
}

/** Users who are there already, and have changed in the CRM since. */
async function changedUsers(stage: LoadStage, count: number): Promise<People> {
  const people = newPeople(count);
  await stage.crm.call('put', people);
  await sendWebhooks(await stage.usher.call('webhook', null), { wpf_action: 'add' }, people, 16, longest);
  await stage.crm.call('put', people);
  return people;
}

/** Adds, and at the same time updates of others. */
async function mixed(webhook: string, people: People, others: People, concurrency: number): Promise<Burst> {
  const half = concurrency / 2;
  const bursts = await Promise.all([
    sendWebhooks(webhook, { wpf_action: 'add' }, people, half, longest),
    sendWebhooks(webhook, { wpf_action: 'update' }, others, half, longest),
  ]);
  const answers = new Map<string, number>();
  for (const [answer, count] of bursts.flatMap((burst) => [...burst.answers])) {
    answers.set(answer, (answers.get(answer) ?? 0) + count);
  }
  return {
    ms: Math.max(...bursts.map(({ ms }) => ms)),
    count: bursts.reduce((sum, { count }) => sum + count, 0),
    answers,
    waits: bursts.flatMap(({ waits }) => waits),
  };
}

/** Until both compilers, V8 and the one of DynamoDB Local's JVM, are done with most of it: a function in use is warm. */
export async function warmUp(stage: LoadStage): Promise<void> {
  const people = newPeople(5000);
  await stage.crm.call('put', people);
  const webhook = await stage.usher.call('webhook', null);
  await sendWebhooks(webhook, { wpf_action: 'add' }, people, 16, longest);
  const [action, concurrency, untilMs] = ['add', 16, longest] as const;
  await stage.bare.call('run', { action, people, concurrency, untilMs });
}

const queryOf = ({ isAsync }: Scenario): Record<string, string> =>
  isAsync ? { wpf_action: 'add', async: 'true' } : { wpf_action: 'add' };

export async function runScenario(stage: LoadStage, scenario: Scenario): Promise<LoadResult> {
  const others = scenario.actions === 'mixed' ? await changedUsers(stage, scenario.count) : undefined;
  const people = newPeople(scenario.count);
  await stage.crm.call('put', people);
  await delayCrm(stage, scenario.crmLatencyMs);
  await stage.usher.call('peakMb', null);
  const began = performance.now();
  const webhook = await stage.usher.call('webhook', null);
  const burst = others
    ? await mixed(webhook, people, others, scenario.concurrency)
    : await sendWebhooks(webhook, queryOf(scenario), people, scenario.concurrency, longest);
  // A CRM that hangs recovers some time; a slow one stays slow.
  if (scenario.goal.slowestMs !== undefined) await delayCrm(stage, 0);
  const applied = await untilApplied(stage, people);
  const appliedMs = performance.now() - began;
  await stage.usher.call('idle', null);
  const settledMs = performance.now() - began;
  const peakMb = await stage.usher.call('peakMb', null);
  const { concurrency } = scenario;
  const bare = { action: 'add', people, concurrency, untilMs: longest } as const;
  const bareMs = others ? undefined : (await stage.bare.call('run', bare)).ms;
  await delayCrm(stage, 0);
  return { ...burst, applied, appliedMs, settledMs, peakMb, bareMs };
}
