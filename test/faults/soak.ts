import { startDynamoDb } from '../../lib/dev/dynamodb.ts';
import type { Person } from './person.ts';
import { runSoak, type SoakRun } from './run-soak.ts';
import { readOptions, type SoakOptions, WrongUsage } from './soak-options.ts';
import { reportLines } from './soak-report.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Problems shown one by one; the table counts all of them. */
const mostShown = 40;
/** A problem that only a slow machine shows may not come again: of so many it is told at once how it came about. */
const mostTold = 3;

/** What happened to the people with a problem, and to those whose address they may have got or given. */
function printHistories(concerned: ReadonlySet<number>, everybody: readonly Person[]): void {
  const swappers = [...concerned].flatMap((n) => everybody[n] ?? []).filter(({ habit }) => habit === 'swaps');
  const told = new Set([...concerned, ...swappers.map(({ partner }) => partner)]);
  for (const n of [...told].sort((one, other) => one - other)) {
    print(`person ${n}:`);
    for (const line of everybody[n]?.history ?? []) print(`    ${line}`);
  }
}

function printProblems(
  { problems, everybody }: SoakRun,
  { seed, deliveries, families, verbose }: SoakOptions,
): void {
  const shown = problems.slice(0, mostShown);
  for (const { kind, person, what } of shown)
    print(`${kind}: ${person === undefined ? '' : `person ${person}, `}${what}`);
  if (problems.length === 0) return;
  const told = verbose ? shown : shown.slice(0, mostTold);
  printHistories(new Set(told.flatMap(({ person }) => person ?? [])), everybody);
  const only = [...families].join(',');
  print(`Replay: npm run soak -- --deliveries ${deliveries} --seed ${seed} --only ${only} --verbose`);
}

/**
 * The fault machine: proves that a webhook that got a 2xx is applied or visibly waiting, that users are never duplicated, and
 * that what is stored is what the CRM holds. Ends with 1 when anything that must be 0 is not.
 */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const dynamodb = await startDynamoDb();
  try {
    const run = await runSoak(options, dynamodb.endpoint, (line) =>
      process.stderr.write(`\r${line.padEnd(60)}`),
    );
    process.stderr.write('\n');
    for (const line of reportLines(run)) print(line);
    printProblems(run, options);
    return run.problems.length === 0 ? 0 : 1;
  } finally {
    await dynamodb.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof WrongUsage)) throw error;
  print(error.message);
  process.exitCode = 2;
}
