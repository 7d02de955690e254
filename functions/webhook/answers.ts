import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Preview } from '../actions/preview.ts';
import type { ErrorCode, UsherError } from '../errors.ts';
import type { Outcome } from '../jobs/contact-request.ts';
import type { PaceReport } from '../pace/pace-report.ts';

/** An answer before it is written as JSON. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
}

/**
 * The status of each error. Never 410: two CRMs then switch the webhook off for good.
 *
 * A 424 is only seen with `test`; for other actions these errors put the webhook into the queue.
 */
const statuses: Record<ErrorCode, number> = {
  not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  invalid_access_key: 403,
  unknown_action: 400,
  action_not_allowed: 400,
  invalid_parameter: 400,
  malformed_body: 400,
  contact_id_missing: 400,
  template_not_filled: 400,
  // A contact without an account is nothing to repeat the webhook for.
  user_not_found: 200,
  contact_not_found: 422,
  email_missing: 422,
  login_taken: 422,
  privileged_user: 422,
  email_in_use: 422,
  contact_too_large: 422,
  crm_credentials_rejected: 424,
  crm_rate_limited: 424,
  crm_unavailable: 424,
  crm_contact_refused: 424,
  crm_answer_invalid: 424,
  crm_write_refused: 424,
  mail_refused: 424,
  user_not_created_yet: 424,
  effect_busy: 424,
  effect_not_due: 424,
  too_many_conflicts: 424,
  aws_unavailable: 503,
  unavailable: 503,
  internal_error: 500,
};

/** Seconds after which a sender may try again. */
const retryAfter = '30';

/** The answer to an error. The message names no value of the request. */
export function errorAnswer(error: UsherError, requestId: string): Answer {
  const status = statuses[error.code];
  const code = status === 503 ? 'unavailable' : error.code;
  return {
    status,
    body: { success: false, error: { code, message: error.message }, request_id: requestId },
    headers: {
      ...(status === 503 ? { 'retry-after': retryAfter } : {}),
      ...(status === 405 ? { allow: 'GET, POST' } : {}),
    },
  };
}

/** The answer to a webhook that was applied. */
export function appliedAnswer(method: string, outcome: Outcome): Answer {
  const { userId, result, contactId, warnings } = outcome;
  return {
    status: 200,
    body: { success: true, data: { user_id: userId, method, result, contact_id: contactId, warnings } },
  };
}

/** The answer to a webhook with nothing to carry out: a CRM that tries the URL out, or an event that is about no contact. */
export function idleAnswer(method: string, result: 'ok' | 'ignored'): Answer {
  return { status: 200, body: { success: true, data: { method, result } } };
}

/** The answer to a webhook whose job is durable in the queue, and why it was not applied at once. */
export function queuedAnswer(method: string, jobId: string, reason: string): Answer {
  return { status: 202, body: { success: true, data: { method, result: 'queued', job_id: jobId, reason } } };
}

/** The answer to a batch. Elements without a contact id could not become jobs. */
export function batchAnswer(method: string, jobIds: string[], withoutId: number): Answer {
  const warnings = withoutId > 0 ? [`contact_id_missing:${withoutId}`] : [];
  return {
    status: 202,
    body: { success: true, data: { method, result: 'queued', job_ids: jobIds, reason: 'batch', warnings } },
  };
}

/** The answer to a batch of which some elements did not get into the queue. Sent again, it does no harm. */
export function halfStoredAnswer(notQueued: readonly number[], jobIds: string[], requestId: string): Answer {
  const error = {
    code: 'unavailable',
    message: 'Not all of the batch could be stored. Send it again, or the elements of not_queued.',
  };
  return {
    status: 503,
    body: { success: false, error, not_queued: notQueued, job_ids: jobIds, request_id: requestId },
    headers: { 'retry-after': retryAfter },
  };
}

/** The answer to `test`. */
export function testAnswer(
  connection: string,
  crm: string,
  preview: Preview | undefined,
  pace: PaceReport | undefined,
): Answer {
  const add = preview && {
    result: preview.wouldBe,
    user_id: preview.userId,
    role: preview.role,
    fields: preview.fields,
    tags_added: preview.tagsAdded,
    tags_removed: preview.tagsRemoved,
    effects: preview.effects,
  };
  return {
    status: 200,
    body: {
      success: true,
      data: {
        method: 'test',
        result: 'ok',
        connection,
        crm,
        contact_id: preview?.contactId,
        warnings: preview?.warnings ?? [],
        pace,
        add,
      },
    },
  };
}

/** An answer as API Gateway takes it. */
export function toHttp({ status, body, headers }: Answer): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
