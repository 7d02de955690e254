import { join } from 'node:path';
import { startRemote } from '../support/remote-process.ts';
import { cases } from './cpu-cases.ts';
import { printTable } from './report.ts';

/** What `cpu-process.ts` answers to. */
type CpuApi = { measure(name: string): { cpuMs: number; body: string } };

/** CPU time of one warm webhook, its I/O answered from memory and its log going nowhere. */
export async function cpu(): Promise<void> {
  const rows: [string, string][] = [];
  for (const { name, expected } of cases) {
    // A process for each case, so that none profits from another's warm-up.
    const remote = await startRemote<CpuApi>(join(import.meta.dirname, 'cpu-process.ts'));
    const { cpuMs, body } = await remote.call('measure', name);
    await remote.stop();
    rows.push([name, body.includes(expected) ? cpuMs.toFixed(3) : `answered ${body}`]);
  }
  printTable('CPU time of one warm webhook without I/O, ms (goal: at most 0.5)', ['', 'ms'], rows);
}
