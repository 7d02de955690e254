import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { asksSecretly } from '../../../lib/commands/support/secret-prompt.ts';

/** Types keys at the prompt and answers what it took, and what could be read on the screen. */
async function typed(keys: string): Promise<{ answer: string; screen: string }> {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()];
  const asking = asksSecretly({ stdin, stderr })('Token: ');
  stdin.write(keys);
  const answer = await asking;
  stderr.end();
  return { answer, screen: await text(stderr) };
}

describe('a prompt for a secret', () => {
  it.each([
    ['what was typed', 'fake-token\r', 'fake-token'],
    ['what was pasted, line end and all', 'fake-token\n', 'fake-token'],
    ['what is left after mistakes', 'fakw\u007Fe-token\r', 'fake-token'],
    ['nothing after Ctrl-C', 'fake\u0003', ''],
    ['nothing after Ctrl-D', '\u0004', ''],
  ])('takes %s, and shows none of it', async (_name, keys, answer) => {
    expect(await typed(keys)).toEqual({ answer, screen: 'Token: \n' });
  });
});
