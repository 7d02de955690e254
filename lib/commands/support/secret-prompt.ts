import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

/**
 * Asks for a line that nobody may read over a shoulder: nothing is echoed, not even how long it is. Ctrl-C and Ctrl-D are
 * an empty answer.
 */
export function asksSecretly({
  stdin,
  stderr,
}: {
  stdin: Readable;
  stderr: Writable;
}): (question: string) => Promise<string> {
  return (question) =>
    new Promise((resolve) => {
      stderr.write(question);
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      // As a terminal it edits the line by itself, and what it would show for that goes nowhere.
      const lines = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
      lines.once('close', () => {
        stderr.write('\n');
        resolve('');
      });
      lines.question('', (answer) => {
        resolve(answer);
        lines.close();
      });
    });
}
