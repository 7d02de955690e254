import type { LoggedLine } from '../../dev/short-line.ts';
import { cloudWatchLines } from './cloudwatch-lines.ts';
import type { Deployment } from './deployment.ts';
import { fileLines } from './file-lines.ts';
import { matches } from './log-filter.ts';
import type { LogRequest } from './log-request.ts';

/** A log line, and when it was written. */
export interface DatedLine {
  time: Date;
  line: LoggedLine;
}

/** A line as it was written; undefined for what is none of the function's logger. */
function parsed(text: string): LoggedLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null && 'message' in line ? { ...line } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The wanted lines of a deployment's log, oldest first. */
export async function* logLines({ logs }: Deployment, request: LogRequest): AsyncGenerator<DatedLine> {
  const texts = 'file' in logs ? fileLines(logs.file, request) : cloudWatchLines(logs, request);
  for await (const text of texts) {
    const line = parsed(text);
    if (!line || !matches(line, request.filter)) continue;
    const time = new Date(String(line['timestamp']));
    if (time >= request.since) yield { time, line };
  }
}
