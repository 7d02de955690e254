import type { ShownLine } from './answers.ts';

const columns = [
  'timestamp',
  'message',
  'connection',
  'action',
  'result',
  'status',
  'error_code',
  'deferred_by',
  'contact_id',
  'user_id',
  'changed',
  'tags_added',
  'tags_removed',
  'warnings',
  'role',
  'notify',
  'attempt',
  'ms_total',
  'request_id',
  'job_id',
] as const;

/** The lines as they were logged, one a line. */
export const jsonLines = (lines: readonly ShownLine[]): string =>
  lines.map(({ line }) => `${JSON.stringify(line)}\n`).join('');

function cell(line: ShownLine['line'], column: string): string {
  const { ms } = line;
  const value =
    column === 'ms_total' && typeof ms === 'object' && ms !== null && 'total' in ms ? ms.total : line[column];
  if (value === undefined || value === null) return '';
  const text = Array.isArray(value) ? value.join(' ') : String(value);
  // A spreadsheet takes a text that begins like this for a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The lines as a table, RFC 4180. */
export const csv = (lines: readonly ShownLine[]): string =>
  [columns.join(','), ...lines.map(({ line }) => columns.map((column) => cell(line, column)).join(','))]
    .map((row) => `${row}\r\n`)
    .join('');
