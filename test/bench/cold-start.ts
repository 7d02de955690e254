import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtFunction, builtWithEveryCrm } from './built-function.ts';
import { functionEnvironment } from './function-environment.ts';
import { printTable } from './report.ts';
import { least, median } from './statistics.ts';

const pairs = 15;

interface Start {
  wallMs: number;
  cpuMs: number;
}

/** Times a fresh process from its start until its first event is handled. */
async function start(handler: string): Promise<Start> {
  const began = performance.now();
  const script = join(import.meta.dirname, 'first-event.mjs');
  const child = spawn(process.execPath, [script, pathToFileURL(handler).href], {
    env: functionEnvironment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let wallMs = 0;
  for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    wallMs = performance.now() - began;
    output += chunk;
  }
  const [, told] = /\n@(\{.*\})\n/.exec(output) ?? [];
  const { statusCode, cpuMs } = JSON.parse(told ?? '{}') as { statusCode?: number; cpuMs?: number };
  if (statusCode !== 405 || cpuMs === undefined) throw new Error(`The function did not answer: ${output}`);
  return { wallMs, cpuMs };
}

function row(name: string, starts: readonly Start[]): (string | number)[] {
  const wall = starts.map(({ wallMs }) => wallMs);
  const cpu = starts.map(({ cpuMs }) => cpuMs);
  return [name, ...[least(wall), median(wall), least(cpu), median(cpu)].map((ms) => ms.toFixed(1))];
}

/** What a cold start costs over Node's own: loading the function and answering a first event that needs no service. */
export async function coldStart(): Promise<void> {
  const { path } = await builtFunction();
  const every = await builtWithEveryCrm();
  const [bare, usher, everyCrm]: [Start[], Start[], Start[]] = [[], [], []];
  for (let pair = 0; pair < pairs; pair += 1) {
    bare.push(await start(join(import.meta.dirname, 'bare-handler.mjs')));
    usher.push(await start(path));
    everyCrm.push(await start(every.path));
  }
  const rows = [row('bare handler', bare), row('usher', usher)];
  const over =
    rows[0]?.slice(1).map((ms, column) => (Number(rows[1]?.[column + 1]) - Number(ms)).toFixed(1)) ?? [];
  printTable(
    `cold start over a bare handler, Node ${process.versions.node.split('.')[0]}, ms, ${pairs} pairs in turn (goal: at most 45 of CPU time)`,
    ['', 'wall min', 'wall median', 'CPU min', 'CPU median'],
    [...rows, ['difference', ...over], row('usher with every CRM (goal: at most 15 more)', everyCrm)],
  );
}
