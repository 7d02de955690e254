import { setStage } from '../bench/load-surroundings.ts';
import { print, printTable, type Row } from '../bench/report.ts';
import { percentile } from '../bench/statistics.ts';
import { type LoadResult, runScenario, warmUp } from './run-scenario.ts';
import { type Scenario, scenarios } from './scenarios.ts';

/**
 * Puts load on the local stack, in a process of its own, and prints what became of it; asserts nothing. `npm run load`
 * runs every scenario in some minutes, `npm run load -- burst200 hung` those that are named.
 */
const head: Row = [
  '',
  'sent',
  '200',
  '202',
  'other',
  'applied',
  'lost',
  'p50',
  'p95',
  'p99',
  'max ms',
  'answered s',
  'applied s',
  'settled s',
  'MB',
  'to bare',
  'goal',
];

const seconds = (ms: number) => (ms / 1000).toFixed(1);

function withStatus({ answers }: LoadResult, status: string): number {
  const found = [...answers].filter(([answer]) => answer.startsWith(status));
  return found.reduce((sum, [, count]) => sum + count, 0);
}

function verdict({ goal }: Scenario, { ms, appliedMs, waits }: LoadResult): string {
  const missed = [
    ms > (goal.answeredMs ?? Number.POSITIVE_INFINITY) && 'answers',
    appliedMs > (goal.appliedMs ?? Number.POSITIVE_INFINITY) && 'applied',
    percentile(waits, 99.9) > (goal.slowestMs ?? Number.POSITIVE_INFINITY) && 'slowest',
  ].filter((name) => name !== false);
  if (Object.keys(goal).length === 0) return '';
  return missed.length === 0 ? 'held' : `missed: ${missed.join(', ')}`;
}

function row(scenario: Scenario, result: LoadResult): Row {
  const { count, waits, applied, appliedMs, settledMs, ms, peakMb, bareMs } = result;
  const [done, queued] = [withStatus(result, '200'), withStatus(result, '202')];
  return [
    scenario.title,
    count,
    done,
    queued,
    count - done - queued,
    applied,
    scenario.count - applied,
    ...[50, 95, 99, 100].map((share) => Math.round(percentile(waits, share))),
    seconds(ms),
    seconds(appliedMs),
    seconds(settledMs),
    Math.round(peakMb),
    bareMs === undefined ? '' : (bareMs / appliedMs).toFixed(2),
    verdict(scenario, result),
  ];
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(scenarios, name));
if (unknown.length > 0) {
  print(`There is no load ${unknown.join(', ')}. There are: ${Object.keys(scenarios).join(', ')}.`);
}
const chosen = Object.entries(scenarios).filter(([name]) => asked.length === 0 || asked.includes(name));
const stage = await setStage();
try {
  await warmUp(stage);
  const rows: Row[] = [];
  for (const [name, scenario] of chosen) {
    const result = await runScenario(stage, scenario);
    rows.push(row(scenario, result));
    const answers = [...result.answers].map(([answer, count]) => `${count} × ${answer}`);
    print(`${name}: ${answers.join(', ')}`);
  }
  printTable('Load on the local stack', head, rows);
} finally {
  await stage.stop();
}
