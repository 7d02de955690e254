import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Written } from '../jobs/contact-request.ts';
import type { Invocation } from './invocation.ts';

/** Where the one line per webhook and per job goes, and its metrics. */
export interface Log {
  record(line: Line): void;
  /** Something an operator has to look at that belongs to no webhook. */
  problem(message: string, fields: Record<string, unknown>): void;
}

/** What happened to one webhook, one job, one request of the site's side, or one mail after SES took it. Ids and codes only. */
export interface Line {
  kind: 'webhook' | 'job' | 'mail_event' | 'site';
  action: string;
  connection: string;
  result: string;
  status?: number;
  contactId?: string | undefined;
  /** The CRM of the connection makes no such ids. */
  isForeignId?: boolean;
  userId?: string | undefined;
  errorCode?: string | undefined;
  /** What kept the webhook from being applied at once. */
  deferredBy?: string | undefined;
  warnings?: readonly string[];
  written?: Written | undefined;
  /** The slug of the role that was asked for, where there is such a role: anything may be typed. */
  role?: string | undefined;
  /** The webhook asked for the welcome mail. */
  sendNotification?: boolean;
  /** When API Gateway got the webhook, ISO 8601. */
  receivedAt?: string;
  jobs?: number;
  jobId?: string;
  /** Of a job that was given up and replayed: the id that it had before. */
  firstJobId?: string | undefined;
  attempt?: number;
  /** Of a job that is tried again: until then. */
  restSeconds?: number;
  /** Of a job, since it was made. */
  ageSeconds?: number;
  requestId: string;
  error?: Record<string, unknown>;
  invocation: Invocation;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const digits = /^\d{1,19}$/;

/**
 * A contact's id for the log: as it is, or its digest, which still finds its lines again. Senders put addresses, keys and
 * telephone numbers in its place. No person is a UUID; digits are shown only of a contact that is known to exist.
 */
export function loggedId(id: string | undefined, isKnown: boolean): string | undefined {
  return id === undefined || uuid.test(id) || (isKnown && digits.test(id)) ? id : digestOf(id);
}

const digestOf = (id: string) => `sha256:${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;

/** What a contact may be called in the log: by the lines that know it, and by those that do not. */
export function loggedIds(id: string): string[] {
  return [...new Set([loggedId(id, true) ?? id, digestOf(id)])];
}

/** What was written, and what it takes to ask for the same again. Numbers are left out that are 0. */
const requestFields = ({ written, role, sendNotification, receivedAt }: Line) => ({
  changed: written?.changed.length ? written.changed : undefined,
  tags_added: written?.tagsAdded || undefined,
  tags_removed: written?.tagsRemoved || undefined,
  role,
  notify: sendNotification || undefined,
  received_at: receivedAt,
});

/** The fields of a line as they are written: snake_case, without what is absent. */
export function lineFields(line: Line): Record<string, unknown> {
  const { invocation, kind: _kind, isForeignId, contactId, ...rest } = line;
  const fields = {
    action: rest.action,
    connection: rest.connection,
    // A user is found or made by what the CRM says of the contact.
    contact_id:
      isForeignId && contactId !== undefined
        ? digestOf(contactId)
        : loggedId(contactId, rest.userId !== undefined),
    user_id: rest.userId,
    result: rest.result,
    status: rest.status,
    error_code: rest.errorCode,
    deferred_by: rest.deferredBy,
    warnings: rest.warnings?.length ? rest.warnings : undefined,
    ...requestFields(line),
    jobs: rest.jobs,
    job_id: rest.jobId,
    first_job_id: rest.firstJobId,
    attempt: rest.attempt,
    age_s: rest.ageSeconds,
    rest_s: rest.restSeconds,
    ms: invocation.ms,
    crm_calls: invocation.crmCalls,
    held_for: invocation.heldFor,
    crm_access: invocation.access,
    request_id: rest.requestId,
    error: rest.error,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function level({ result, errorCode, invocation: { access } }: Line): 'info' | 'warn' | 'error' {
  if (errorCode === 'internal_error') return 'error';
  // The token has an alarm of its own, so this is no error, which rings another one.
  if (result === 'given_up' || access === 'rejected' || access === 'incomplete') return 'warn';
  if (result === 'waiting') return 'info';
  return result === 'failed' || errorCode === 'crm_credentials_rejected' ? 'warn' : 'info';
}

/** The alarms match on whole sets of dimensions, so what they watch is counted per connection and in all. */
function publishTotals(metrics: Metrics, line: Line, counted: string): void {
  const code = line.errorCode ?? line.deferredBy;
  metrics.addDimensions({});
  metrics.addDimensions({ connection: line.connection });
  metrics.addMetric(counted, MetricUnit.Count, 1);
  metrics.addMetric('Latency', MetricUnit.Milliseconds, line.invocation.ms.total ?? 0);
  if (line.invocation.crmCalls > 0) {
    metrics.addMetric('CrmCalls', MetricUnit.Count, line.invocation.crmCalls);
    metrics.addMetric('CrmLatency', MetricUnit.Milliseconds, line.invocation.ms.crm ?? 0);
  }
  // A line that the CRM's limit makes long is nothing to be woken for, nor are mails that wait for their time.
  const isPatient = code === 'crm_rate_limited' || code === 'effect_not_due';
  const isTriedAgain = line.result === 'failed' || (line.result === 'waiting' && !isPatient);
  // The first try may come late for want of concurrency, or because somebody has replayed a dead letter.
  if (line.ageSeconds !== undefined && isTriedAgain && (line.attempt ?? 1) > 1) {
    metrics.addMetric('JobAge', MetricUnit.Seconds, line.ageSeconds);
  }
  // Once when it begins and once when it is over: the alarm stays on in between.
  if (line.invocation.access !== undefined) {
    metrics.addMetric(
      'CrmCredentialsRejected',
      MetricUnit.Count,
      line.invocation.access === 'accepted' ? 0 : 1,
    );
  }
  if (code === 'crm_unavailable' || code === 'crm_rate_limited') {
    metrics.addMetric('CrmUnavailable', MetricUnit.Count, 1);
  }
  if (code === 'crm_answer_invalid') metrics.addMetric('CrmAnswerInvalid', MetricUnit.Count, 1);
  if (code === 'invalid_access_key') metrics.addMetric('InvalidAccessKeys', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}

/** What is counted of each kind. */
const names = { webhook: 'Webhooks', job: 'Jobs', site: 'SiteRequests', mail_event: 'MailEvents' } as const;

/** Each publishing empties the object, and nothing waits in between: webhooks that a process works on at once do not mix. */
function publish(metrics: Metrics, line: Line): void {
  const counted = names[line.kind];
  publishTotals(metrics, line, counted);
  // Every combination of dimensions is a metric that costs money: only the count is broken down this far.
  metrics.addDimensions({ action: line.action, connection: line.connection, result: line.result });
  metrics.addMetric(counted, MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}

/** The log and metrics of the Lambda: JSON lines and CloudWatch embedded metrics, by Powertools. */
export function createLog(namespace: string): Log {
  const logger = new Logger({ serviceName: 'usher' });
  const metrics = new Metrics({ namespace, serviceName: 'usher' });
  return {
    record(line) {
      logger[level(line)](line.kind, lineFields(line));
      // What SES tells of mails is counted by SES itself.
      if (line.kind !== 'mail_event') publish(metrics, line);
    },
    problem(message, fields) {
      logger.error(message, fields);
    },
  };
}
