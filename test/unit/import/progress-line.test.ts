import { expect, it } from '@jest/globals';
import { progressLine } from '../../../lib/import/progress-line.ts';
import { Tally } from '../../../lib/import/tally.ts';

function tallied(...results: string[]): Tally {
  const tally = new Tally();
  for (const [index, result] of results.entries())
    tally.note({ message: 'job', job_id: String(index), result }, 1);
  return tally;
}
const state = (sent: number, sending: number, total: number) => ({
  sent,
  sending: Array<string>(sending).fill('x'),
  total,
  rate: 5,
});

it('says what was sent, what became of it, what is left and how long that takes', () => {
  const tally = tallied('created', 'created', 'updated', 'unchanged', 'refused', 'given_up', 'retried');
  expect(progressLine({ state: state(0, 10, 606), tally, seconds: 2 })).toBe(
    'sent 10, done 6: 2 created, 1 updated, 1 unchanged, 1 refused, 1 failed; 600 to go, 2 minute(s)',
  );
});

it.each<[name: string, done: number, seconds: number, minutes: number]>([
  ['slower than it was asked for, by what has been', 60, 60, 9],
  ['no faster than it was asked for, whatever the log had before', 60, 11, 2],
  ['by what was asked for, while too little is known', 1, 10, 2],
])('reckons %s', (_name, done, seconds, minutes) => {
  const tally = tallied(...Array<string>(done).fill('created'));
  const line = progressLine({ state: state(60, 0, 600), tally, seconds });
  expect(line).toContain(`${600 - done} to go, ${minutes} minute(s)`);
});

it('has nobody to go when more were found than were counted', () => {
  const line = progressLine({
    state: state(3, 0, 2),
    tally: tallied('created', 'created', 'created'),
    seconds: 1,
  });
  expect(line).toContain('sent 3, done 3');
  expect(line).toContain('; 0 to go, 0 minute(s)');
});
