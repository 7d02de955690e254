import type { RemoteProcess } from '../support/remote-process.ts';
import { sendWebhooks } from './load-generator.ts';
import type { People } from './load-people.ts';
import { type LoadStage, setStage, type UsherApi } from './load-surroundings.ts';
import { print, printTable, type Row } from './report.ts';
import { median } from './statistics.ts';

type Action = 'add' | 'update';
type Side = 'usher' | 'bare';
/** What one round came to: webhooks per second, and the CPU time of each in the process of Usher or the script, in ms. */
interface Result {
  rate: number;
  cpu: number;
}
type Results = Record<Action, Record<Side, Result[]>>;

/** So many at once. */
const levels = [1, 8, 32] as const;
/** Many short ones: the speed of a shared machine changes within a second, and who runs beside whom has to be alike. */
const rounds = 12;
/**
 * Rounds before anything counts. Both compilers, V8 and the one of DynamoDB Local's JVM, take some ten thousand webhooks of
 * each side until they are done, and triple the rates of both meanwhile.
 */
const warmUpRounds = 48;
/** People in a round, and the time it may take in milliseconds. */
const most = 600;
const longest = 1000;
const withEffects = 200;
const [landedWarmUp, landedRounds] = [20, 12] as const;

/** WP Fusion on WordPress at 8 at once on two cores, per second, and what is to be reached. */
const wpFusion: Record<Action, { rate: number; goal: number }> = {
  add: { rate: 13, goal: 130 },
  update: { rate: 62, goal: 372 },
};

let nextPerson = 1;

/** People nobody has seen yet. */
function newPeople(count: number): People {
  const people = { first: nextPerson, count };
  nextPerson += count;
  return people;
}

function warnOfOthers(answers: ReadonlyMap<string, number>, expected: string): void {
  const others = [...answers].filter(([answer]) => answer !== expected);
  if (others.length > 0)
    print(`  not ${expected}: ${others.map(([name, count]) => `${count} × ${name}`).join(', ')}`);
}

function cpuTime({ usher, bare }: LoadStage, side: Side): Promise<number> {
  return side === 'usher' ? usher.call('cpuMs', null) : bare.call('cpuMs', null);
}

/** One round of one action on one side. */
async function round(stage: LoadStage, side: Side, action: Action, people: People, concurrency: number) {
  await stage.crm.call('put', people);
  if (side === 'bare') return stage.bare.call('run', { action, people, concurrency, untilMs: longest });
  const webhook = await stage.usher.call('webhook', null);
  const burst = await sendWebhooks(webhook, { wpf_action: action }, people, concurrency, longest);
  warnOfOthers(burst.answers, action === 'add' ? '200 created' : '200 updated');
  return burst;
}

/** Adds people, then updates them, on both sides in turn. */
async function level(stage: LoadStage, concurrency: number, times: number): Promise<Results> {
  const results: Results = { add: { usher: [], bare: [] }, update: { usher: [], bare: [] } };
  for (let done = 0; done < times; done += 1) {
    const groups = { usher: newPeople(most), bare: newPeople(most) };
    // Who goes first has the machine as the other left it: they take turns in that too.
    const sides: Side[] = done % 2 === 0 ? ['usher', 'bare'] : ['bare', 'usher'];
    for (const action of ['add', 'update'] as const) {
      for (const side of sides) {
        const cpuBefore = await cpuTime(stage, side);
        const { ms, count } = await round(stage, side, action, groups[side], concurrency);
        const cpu = ((await cpuTime(stage, side)) - cpuBefore) / count;
        results[action][side].push({ rate: (1000 * count) / ms, cpu });
        // Only who was added can be updated.
        groups[side] = { ...groups[side], count };
      }
    }
  }
  return results;
}

const toBare = ({ usher, bare }: Record<Side, Result[]>): number =>
  median(usher.map(({ rate }, index) => rate / (bare[index]?.rate ?? Number.NaN)));

function row(action: Action, concurrency: number, results: Results): Row {
  const { usher, bare } = results[action];
  const rateOf = (side: Result[]) => median(side.map(({ rate }) => rate));
  const cpuOf = (side: Result[]) => median(side.map(({ cpu }) => cpu)).toFixed(1);
  const { rate, goal } = wpFusion[action];
  const versus = concurrency === 8 ? [`${(rateOf(usher) / rate).toFixed(1)} ×`, goal] : ['', ''];
  return [
    `${action}, ${concurrency} at once`,
    Math.round(rateOf(usher)),
    Math.round(rateOf(bare)),
    toBare(results[action]).toFixed(2),
    cpuOf(usher),
    cpuOf(bare),
    ...versus,
  ];
}

/** Adds with mail and password, until the last of both has arrived. */
async function effects(stage: LoadStage, usher: RemoteProcess<UsherApi>): Promise<Row> {
  const people = newPeople(withEffects);
  await stage.crm.call('put', people);
  const webhook = await usher.call('webhook', null);
  const began = performance.now();
  const query = { wpf_action: 'add', send_notification: 'true' };
  const { ms, count, answers } = await sendWebhooks(webhook, query, people, 8, 15 * longest);
  await usher.call('idle', null);
  const untilDone = performance.now() - began;
  warnOfOthers(answers, '200 created');
  const passwords = await stage.crm.call('withPassword', people);
  const mails = await usher.call('mails', null);
  const rate = (duration: number) => Math.round((1000 * count) / duration);
  return [count, rate(ms), rate(untilDone), mails, passwords];
}

/** Adds a second whose answer is waited for, and those whose password is with the CRM, too. */
interface Landed {
  without: number;
  answered: number;
  done: number;
}

/** Adds with a password that goes back to the CRM, in turn with adds without. */
async function landed(stage: LoadStage, usher: RemoteProcess<UsherApi>): Promise<Landed> {
  const quiet = await stage.usher.call('webhook', null);
  const webhook = await usher.call('webhook', null);
  const rates: Record<keyof Landed, number[]> = { without: [], answered: [], done: [] };
  const query = { wpf_action: 'add' };
  for (let done = 0; done < landedWarmUp + landedRounds; done += 1) {
    const [some, others] = [newPeople(withEffects), newPeople(withEffects)];
    for (const people of [some, others]) await stage.crm.call('put', people);
    const without = await sendWebhooks(quiet, query, some, 8, 15 * longest);
    const began = performance.now();
    const { ms, count, answers } = await sendWebhooks(webhook, query, others, 8, 15 * longest);
    await usher.call('idle', null);
    const doneMs = performance.now() - began;
    warnOfOthers(answers, '200 created');
    if (done < landedWarmUp) continue;
    rates.without.push((1000 * without.count) / without.ms);
    rates.answered.push((1000 * count) / ms);
    rates.done.push((1000 * count) / doneMs);
  }
  const { without, answered, done } = rates;
  return { without: median(without), answered: median(answered), done: median(done) };
}

/** Webhooks per second through the local HTTP front, beside a bare script that makes the same calls of SDK and CRM. */
export async function load(): Promise<void> {
  const stage = await setStage();
  try {
    await level(stage, 8, warmUpRounds);
    const rows: Record<Action, Row[]> = { add: [], update: [] };
    let updates = Number.NaN;
    for (const concurrency of levels) {
      const results = await level(stage, concurrency, rounds);
      for (const action of ['add', 'update'] as const) rows[action].push(row(action, concurrency, results));
      if (concurrency === 8) updates = toBare(results.update);
    }
    printTable(
      `Webhooks per second, median of ${rounds} rounds in turn (goal: at least 0.7 of the bare script), and ms of CPU each`,
      ['', 'usher', 'bare', 'ratio', 'usher CPU', 'bare CPU', 'to WP Fusion', 'goal'],
      [...rows.add, ...rows.update],
    );
    const usher = await stage.startWithEffects();
    const { without, answered, done } = await landed(stage, usher);
    printTable(
      'Adds with welcome mail and returned password, 8 at once',
      ['adds', 'answered/s', 'all done/s', 'mails', 'passwords'],
      [await effects(stage, usher)],
    );
    printTable(
      'Goals',
      ['', 'measured', 'goal'],
      [
        [
          'updates a second at 8, against the bare loop of the same SDK calls',
          updates.toFixed(2),
          'at least 0.85',
        ],
        ['adds a second at 8 as landed (return password on)', Math.round(answered), 'at least 130'],
        ['the same until the last password is with the CRM', Math.round(done), ''],
        ['the same without the password', Math.round(without), ''],
      ],
    );
  } finally {
    await stage.stop();
  }
}
