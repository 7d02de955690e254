import type { ShownLine } from './answers.ts';
import { jobResults, type Reason, reasons } from './reasons.ts';

type LogLine = ShownLine['line'];

const known: Readonly<Record<string, Reason>> = reasons;

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** What a result says where no code does. */
const results: Readonly<Record<string, string>> = {
  created: 'A user was made of the contact.',
  updated: 'The user was made to agree with its contact.',
  unchanged: 'The user agreed with its contact already: nothing was written.',
  deleted: 'The user was deleted, because the CRM confirms it.',
  queued: 'The webhook was answered at once and is in the queue.',
  ok: 'The question was answered; nothing was changed.',
  ignored: 'The event was about no contact that has to be pulled.',
  welcome_mail: 'The welcome mail is sent.',
  return_password: 'A new password is in the CRM.',
  moved_mail: 'The address before was told of the move.',
  link_mail: 'A link to choose a password is sent.',
  changed_mail: 'The user was told of the new password.',
  nothing_pending: 'Another job has done it already.',
  user_not_created: 'There is no such user: nothing was to be done.',
  kept: 'What the mailbox said is kept with its user.',
};

/** Markup of docs/errors.md, which is shown as plain text. */
const plain = (markdown: string) => markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');

/** What stands in a cell of docs/errors.md, as a sentence of plain text. */
export const sentence = (words: string): string => {
  const bare = plain(words).trim();
  return `${bare.charAt(0).toUpperCase()}${bare.slice(1)}${/[.?!]$/.test(bare) ? '' : '.'}`;
};

/** Why a line ended as it did, in a sentence, and what to do, where there is something. */
export interface Why {
  code?: string;
  because: string;
  next?: string;
}

/** The code that decides: of the error, of the delay, of what the CRM has begun to do. */
const codeOf = (line: LogLine) =>
  text(line['error_code']) ||
  text(line['deferred_by']) ||
  (line['crm_access'] === 'incomplete' ? 'crm_access_incomplete' : '');

export function whyOf(line: LogLine): Why {
  const code = codeOf(line);
  const reason = Object.hasOwn(known, code) ? known[code] : undefined;
  if (reason) return { code, because: sentence(reason.cause), next: sentence(reason.next) };
  const result = text(line['result']);
  if (code !== '') return { code, because: `The code ${code} is of another release.` };
  // Several effects are done by one job.
  const sentences = result.split('+').map((one) => results[one]);
  if (sentences.every((one) => one !== undefined)) return { because: sentences.join(' ') };
  return { because: sentence(jobResults[result] ?? (result || text(line['message']))) };
}

/** When a job is tried again, ISO 8601; undefined where it is not. */
export function nextDue({ time, line }: ShownLine): string | undefined {
  const rest = line['rest_s'];
  return typeof rest === 'number' ? new Date(Date.parse(time) + rest * 1000).toISOString() : undefined;
}
