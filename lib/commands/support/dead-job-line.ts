import { queueSettings } from '../../../functions/jobs/queue-settings.ts';
import { loggedId } from '../../../functions/runtime/log.ts';
import type { DeadJob } from './dead-letters.ts';
import { printable } from './terminal.ts';

/** What may be shown of a dead job: ids only. Somebody has to find its contact in the CRM. */
export interface DeadJobLine {
  kind: 'webhook' | 'effects' | 'link' | 'unknown';
  action?: string;
  connection?: string;
  contact_id?: string | undefined;
  user_id?: string;
  job_id: string;
  request_id?: string;
  created: string;
  tries: number;
}

/** SQS counts on in the dead-letter queue, where looking at a message is no try. */
const triesOf = ({ receives }: DeadJob) => Math.min(receives, queueSettings.maxReceives);

export function deadJobLine(dead: DeadJob): DeadJobLine {
  const { job, messageId, sent } = dead;
  const tries = triesOf(dead);
  if (!job) return { kind: 'unknown', job_id: messageId, created: sent.toISOString(), tries };
  return {
    kind: job.kind,
    action: job.kind === 'webhook' ? job.action : job.kind,
    connection: job.connection,
    contact_id: loggedId(job.contactId, true),
    ...(job.kind === 'effects' ? { user_id: job.userId } : {}),
    job_id: job.id,
    request_id: job.requestId,
    created: job.createdAt,
    tries,
  };
}

/** `3 h`, `12 min`: as exact as an age has to be. */
function age(created: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(created)) / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} days`;
}

/** A dead job for a terminal. */
export function readableDeadJob(line: DeadJobLine, now: Date): string {
  const parts = [
    line.kind.padEnd(7),
    (line.action ?? '-').padEnd(11),
    (line.connection ?? '-').padEnd(10),
    `${age(line.created, now)} old`.padEnd(11),
    `${line.tries} tries`,
    line.contact_id !== undefined && `contact ${line.contact_id}`,
    line.user_id !== undefined && `user ${line.user_id}`,
    `job ${line.job_id}`,
    line.request_id !== undefined && `request ${line.request_id}`,
  ];
  return printable(parts.filter(Boolean).join('  '));
}
