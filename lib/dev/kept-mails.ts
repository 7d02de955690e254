import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { dirname } from 'node:path';
import sesStore from 'aws-ses-v2-local/dist/store.js';
import { LocalStackError } from './local-stack-error.ts';

type Mail = ReturnType<typeof sesStore.getStoreReadonly>['emails'][number];

const toLines = (mails: readonly Mail[]) => mails.map((mail) => `${JSON.stringify(mail)}\n`).join('');

/** @throws LocalStackError when the file holds something else */
function loadMails(file: string): Mail[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  try {
    return lines.map((line) => JSON.parse(line) as Mail);
  } catch (cause) {
    throw new LocalStackError(`${file} holds no mails. Delete it to begin with an empty inbox.`, { cause });
  }
}

/**
 * Keeps the mails of an inbox in a file, one a line: those of the last run are there again, and a new one is in the file
 * before its sender has the answer.
 *
 * @throws LocalStackError when the file holds something else
 */
export function keepMails(server: Server, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const mails = () => sesStore.getStoreReadonly().emails;
  mails().push(...loadMails(file));
  // A process that was killed may have left half a line, which the next mail would be appended to.
  writeFileSync(file, toLines(mails()), { mode: 0o600 });
  let kept = mails();
  let count = kept.length;
  const save = () => {
    const now = mails();
    // The inbox was emptied: it has another list then.
    if (now !== kept) writeFileSync(file, toLines(now), { mode: 0o600 });
    else if (now.length > count) appendFileSync(file, toLines(now.slice(count)), { mode: 0o600 });
    kept = now;
    count = now.length;
  };
  server.prependListener('request', (request, response) => {
    if (request.method !== 'POST') return;
    const end = response.end.bind(response) as (...given: unknown[]) => typeof response;
    response.end = (...given: unknown[]) => {
      save();
      return end(...given);
    };
  });
}
