import type { Cell, Result } from './cell.ts';
import { cells, idealSeconds } from './cells.ts';
import { simulate } from './simulation.ts';

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function title({ contacts, perSecond, namedSeconds, broken, outage, live }: Cell): string {
  const parts = [
    `${contacts.toLocaleString('en')} at ${perSecond}/s`,
    namedSeconds !== undefined && `named ${namedSeconds} s`,
    broken && `${broken.share * 100} % ${broken.how}`,
    outage && `down ${duration((outage.until - outage.from) / 1000)}`,
    live && `live ${live.perSecond}/s`,
  ];
  return parts.filter(Boolean).join(', ');
}

function row(cell: Cell, result: Result): string {
  const { calls, refusals, outageCalls, handOuts, doneAfter, longestLiveWait, writes, dead } = result;
  return [
    title(cell),
    calls,
    `${((100 * refusals) / calls).toFixed(0)} %`,
    cell.outage ? outageCalls : '',
    `${handOuts.mean.toFixed(1)} / ${handOuts.most}`,
    (writes / Math.max(doneAfter, 1)).toFixed(1),
    duration(idealSeconds(cell)),
    duration(doneAfter),
    cell.live ? duration(longestLiveWait) : '',
    dead,
  ].join(' | ');
}

const print = (line: string) => process.stdout.write(`${line}\n`);

print(
  '| what | calls | refused | calls while down | hand-outs a job, mean / most | writes a second | ideal | all done after | longest wait of a live one | given up |',
);
print('|---|---|---|---|---|---|---|---|---|---|');
for (const cell of cells) print(`| ${row(cell, simulate(cell))} |`);
