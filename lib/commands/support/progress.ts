import type { Terminal } from './terminal.ts';

const width = 24;

/**
 * A line that shows how far a long work is: `Replaying  [######------]  120 of 240`. Nothing is shown where stderr is no
 * terminal.
 *
 * @returns what to call with the number of things done and the number of all, as far as it is known
 */
export function progress({ rewrite }: Terminal, title: string): (done: number, total: number) => void {
  return (done, total) => {
    const filled = Math.round((width * Math.min(done, total)) / Math.max(total, 1));
    rewrite?.(`${title}  [${'#'.repeat(filled).padEnd(width, '-')}]  ${done} of ${Math.max(done, total)}`);
  };
}
