import { appendFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every test process has files of its own in the folder of the run. */
const fileOf = (kind: 'log' | 'secrets') =>
  join(String(process.env['TEST_LOGS']), `${kind}-${process.pid}.txt`);

/** Notes a line that the function logged. */
export function noteLogLine(line: string): void {
  appendFileSync(fileOf('log'), `${line}\n`);
}

/** Notes a value that must never be in a log: a key, a token, a password. */
export function noteSecret(secret: string): void {
  if (secret.length >= 8) appendFileSync(fileOf('secrets'), `${secret}\n`);
}

/** Paths of scoped packages (`/@scope/file.js`) in a stack frame are none. */
const address = /[^\s"'\\/]+@[^\s"'\\/]+\.[a-z]{2,}/i;

async function linesOf(folder: string, kind: 'log' | 'secrets'): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.startsWith(`${kind}-`));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
}

/** The log lines of a run that hold a noted secret or anything like an e-mail address. */
export async function leaksIn(folder: string): Promise<{ leaks: string[]; lines: number }> {
  const lines = await linesOf(folder, 'log');
  const all = lines.join('\n');
  const secrets = [...new Set(await linesOf(folder, 'secrets'))].filter((secret) => all.includes(secret));
  const leaks = lines.filter((line) => address.test(line) || secrets.some((secret) => line.includes(secret)));
  return { leaks, lines: lines.length };
}
