import { type Line, type Log, lineFields } from '../../functions/webhook/log.ts';

const clock = () => new Date().toTimeString().slice(0, 8);

function shortLine(line: Line): string {
  const {
    contact_id: contact,
    user_id: user,
    warnings,
    error_code: code,
    deferred_by: deferredBy,
  } = lineFields(line);
  const notes = [
    line.status,
    `${line.call.ms.total ?? 0} ms`,
    contact && `contact ${contact}`,
    user && `user ${user}`,
    code && `(${code})`,
    deferredBy && `(${deferredBy})`,
    Array.isArray(warnings) && `warnings: ${warnings.join(', ')}`,
    line.kind === 'job' && `try ${line.attempt}`,
  ];
  const [action, connection, result] = [
    line.action.padEnd(11),
    line.connection.padEnd(10),
    line.result.padEnd(9),
  ];
  return `${clock()}  ${line.kind.padEnd(7)}  ${action}  ${connection}  ${result}  ${notes.filter(Boolean).join('  ')}`;
}

/** One short line per webhook and per job, for a developer's terminal. Same content as the Lambda's log. */
export function terminalLog(write: (line: string) => void): Log {
  return {
    record: (line) => write(shortLine(line)),
    problem: (message, fields) => write(`${clock()}  ${message}  ${JSON.stringify(fields)}`),
  };
}

/** The lines as JSON, for programs. */
export function jsonLog(write: (line: string) => void): Log {
  return {
    record: (line) => write(JSON.stringify({ message: line.kind, ...lineFields(line) })),
    problem: (message, fields) => write(JSON.stringify({ message, ...fields })),
  };
}
