import { type Log, lineFields } from '../../functions/runtime/log.ts';
import { shortLine } from './short-line.ts';

const clock = () => new Date().toTimeString().slice(0, 8);

/** One short line per webhook and per job, for a developer's terminal. Same content as the Lambda's log. */
export function terminalLog(write: (line: string) => void): Log {
  return {
    record: (line) => write(`${clock()}  ${shortLine({ message: line.kind, ...lineFields(line) })}`),
    problem: (message, fields) => write(`${clock()}  ${shortLine({ message, ...fields })}`),
  };
}

/** The lines as JSON, as the Lambda's log group has them. */
export function jsonLog(write: (line: string) => void): Log {
  const timestamp = () => new Date().toISOString();
  return {
    record: (line) =>
      write(JSON.stringify({ timestamp: timestamp(), message: line.kind, ...lineFields(line) })),
    problem: (message, fields) => write(JSON.stringify({ timestamp: timestamp(), message, ...fields })),
  };
}

/** Writes to several logs. */
export function everyLog(...logs: readonly Log[]): Log {
  return {
    record: (line) => {
      for (const log of logs) log.record(line);
    },
    problem: (message, fields) => {
      for (const log of logs) log.problem(message, fields);
    },
  };
}
