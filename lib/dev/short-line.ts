/** A log line as JSON has it: the fields of `lineFields`, with `message` saying what it is about. */
export type LoggedLine = Readonly<Record<string, unknown>>;

/** What the Lambda's logger adds to every line, of no use in a terminal. */
const added = new Set([
  'message',
  'timestamp',
  'level',
  'service',
  'sampling_rate',
  'xray_trace_id',
  'cold_start',
]);

/** Lines of one shape: what was asked, by whom, and what came of it. */
const ordinary: ReadonlySet<unknown> = new Set(['webhook', 'job', 'site', 'operator']);

const word = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '-'));

/** How long it took; nothing of a line that does not say. */
function totalMs({ ms }: LoggedLine): string | undefined {
  const total = typeof ms === 'object' && ms !== null && 'total' in ms ? ms.total : undefined;
  return typeof total === 'number' ? `${total} ms` : undefined;
}

function callLine(line: LoggedLine): string {
  const { message: kind, warnings, error_code: code, deferred_by: deferredBy } = line;
  const notes = [
    line['status'],
    totalMs(line),
    line['contact_id'] !== undefined && `contact ${word(line['contact_id'])}`,
    line['user_id'] !== undefined && `user ${word(line['user_id'])}`,
    line['role'] !== undefined && `role ${word(line['role'])}`,
    code !== undefined && `(${word(code)})`,
    deferredBy !== undefined && `(${word(deferredBy)})`,
    Array.isArray(warnings) && `warnings: ${warnings.map(word).join(', ')}`,
    kind === 'job' && `try ${word(line['attempt'])}`,
  ];
  const columns = [
    word(kind).padEnd(7),
    word(line['action']).padEnd(11),
    word(line['connection']).padEnd(10),
    word(line['result']).padEnd(9),
  ];
  return [...columns, ...notes.filter(Boolean)].join('  ');
}

/** One log line in a terminal's width or little more: what happened to one webhook, job or request, or what else was logged. */
export function shortLine(line: LoggedLine): string {
  const { message } = line;
  if (ordinary.has(message)) return callLine(line);
  const rest = Object.fromEntries(Object.entries(line).filter(([name]) => !added.has(name)));
  return `${word(message)}  ${JSON.stringify(rest)}`;
}
