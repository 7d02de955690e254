import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { asksSecretly } from './secret-prompt.ts';
import type { Terminal } from './terminal.ts';

interface Streams {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean };
}

/** Back to the line's beginning, and nothing after it. */
const clearLine = '\r\u001B[K';

/** Asks on stderr, so that stdout holds results only. Ctrl-C and Ctrl-D are an empty answer. */
function asks({ stdin, stderr }: Streams): (question: string) => Promise<string> {
  return (question) =>
    new Promise((resolve) => {
      const lines = createInterface({ input: stdin, output: stderr });
      const giveUp = () => {
        stderr.write('\n');
        resolve('');
      };
      lines.once('close', giveUp);
      lines.question(question, (answer) => {
        lines.off('close', giveUp);
        lines.close();
        resolve(answer);
      });
    });
}

/** The terminal of a process. Without one on stderr nothing is rewritten, and without one on stdin nothing is asked. */
export function processTerminal(streams: Streams): Terminal {
  const { stdin, stdout, stderr } = streams;
  let isRewriting = false;
  const clear = () => {
    if (isRewriting) stderr.write(clearLine);
    isRewriting = false;
  };
  const print = (stream: Writable) => (line: string) => {
    clear();
    stream.write(`${line}\n`);
  };
  const rewrite = (line: string) => {
    stderr.write(clearLine + line);
    isRewriting = true;
  };
  return {
    out: print(stdout),
    err: print(stderr),
    rewrite: stderr.isTTY ? rewrite : undefined,
    ask: stdin.isTTY && stderr.isTTY ? asks(streams) : undefined,
    askSecret: stdin.isTTY && stderr.isTTY ? asksSecretly(streams) : undefined,
    input: () => text(stdin),
    now: () => new Date(),
  };
}
