import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { confirm } from '../../../lib/commands/support/confirm.ts';
import { processTerminal } from '../../../lib/commands/support/process-terminal.ts';
import { progress } from '../../../lib/commands/support/progress.ts';

/** The streams of a process; what was written can be read as text. */
function streams(isTTY: boolean) {
  const stream = () => Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  const all = { stdin: stream(), stdout: stream(), stderr: stream() };
  return { ...all, written: () => ({ out: all.stdout.read() ?? '', err: all.stderr.read() ?? '' }) };
}

describe('a progress line', () => {
  it('is drawn over the one before, and gone before anything else is written', () => {
    const { written, ...process } = streams(true);
    const terminal = processTerminal(process);
    const show = progress(terminal, 'Replaying');
    show(0, 40);
    show(10, 40);
    show(45, 40);
    terminal.out('done');
    terminal.err('and said');
    expect(written()).toEqual({
      out: 'done\n',
      err: [
        '\r\u001b[KReplaying  [------------------------]  0 of 40',
        '\r\u001b[KReplaying  [######------------------]  10 of 40',
        '\r\u001b[KReplaying  [########################]  45 of 45',
        '\r\u001b[Kand said\n',
      ].join(''),
    });
  });

  it('of nothing is empty, not a division by nothing', () => {
    const { written, ...process } = streams(true);
    progress(processTerminal(process), 'Looking')(0, 0);
    expect(written().err).toContain('[------------------------]  0 of 0');
  });

  it('is not there without a terminal', () => {
    const { written, ...process } = streams(false);
    progress(processTerminal(process), 'Replaying')(1, 2);
    expect(written()).toEqual({ out: '', err: '' });
  });
});

describe('what cannot be undone', () => {
  it.each([['yes'], [' YES ']])('is done after %j', async (answer) => {
    const { written, ...process } = streams(true);
    const confirmed = confirm(processTerminal(process), 'This deletes it.', undefined);
    process.stdin.write(`${answer}\n`);
    await confirmed;
    expect(written()).toEqual({
      out: '',
      err: expect.stringContaining('This deletes it. Type "yes" to go on: '),
    });
  });

  it.each([['y'], ['no'], [''], ['yes please']])('is not done after %j', async (answer) => {
    const { written: _, ...process } = streams(true);
    const confirmed = confirm(processTerminal(process), 'This deletes it.', undefined);
    process.stdin.write(`${answer}\n`);
    await expect(confirmed).rejects.toThrow('Nothing was done.');
  });

  it('is not done after Ctrl-D, and the next line is a new one', async () => {
    const { written, ...process } = streams(true);
    const confirmed = confirm(processTerminal(process), 'This deletes it.', undefined);
    process.stdin.end();
    await expect(confirmed).rejects.toThrow('Nothing was done.');
    expect(written().err).toMatch(/go on: .*\n$/s);
  });

  it('is not done, and not asked, without a terminal', async () => {
    const { written, ...process } = streams(false);
    const confirmed = confirm(processTerminal(process), 'This deletes it.', undefined);
    await expect(confirmed).rejects.toThrow('This deletes it. There is no terminal to ask on: add --yes');
    expect(written()).toEqual({ out: '', err: '' });
  });

  it('is done without a question when agreed to', async () => {
    const { written, ...process } = streams(true);
    await confirm(processTerminal(process), 'This deletes it.', true);
    expect(written()).toEqual({ out: '', err: '' });
  });
});
