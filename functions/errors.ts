/** Every code a sender, a log line or a metric can carry. docs/errors.md says cause and next step of each. */
export type ErrorCode =
  | 'not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'invalid_access_key'
  | 'unknown_action'
  | 'action_not_allowed'
  | 'invalid_parameter'
  | 'malformed_body'
  | 'contact_id_missing'
  | 'template_not_filled'
  | 'user_not_found'
  | 'contact_not_found'
  | 'email_missing'
  | 'login_taken'
  | 'privileged_user'
  | 'email_in_use'
  | 'contact_too_large'
  | 'crm_credentials_rejected'
  | 'crm_rate_limited'
  | 'crm_unavailable'
  | 'crm_contact_refused'
  | 'crm_answer_invalid'
  | 'crm_write_refused'
  | 'mail_refused'
  | 'user_not_created_yet'
  | 'effect_busy'
  | 'effect_not_due'
  | 'too_many_conflicts'
  | 'aws_unavailable'
  | 'unavailable'
  | 'internal_error';

export interface UsherErrorOptions {
  /** The same request may succeed later: it belongs in the queue. */
  retryable?: boolean;
  /** How long the other side asked us to wait, in seconds. */
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
}

/**
 * An outcome other than success that Usher foresaw.
 *
 * The message is shown to the sender, so it never holds a value from a request, a CRM or a user.
 */
export class UsherError extends Error {
  override name = 'UsherError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: UsherErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/**
 * Sees every thrown value as an `UsherError`, so that one field decides whether to retry.
 *
 * An AWS SDK error (it carries `$metadata`) is retryable whatever it says: even a missing permission is mended by
 * an operator, and the job should still be there then. Anything else is a bug of ours.
 */
export function toUsherError(error: unknown): UsherError {
  if (error instanceof UsherError) return error;
  // A call that was given up because its time was over says as little as one that failed.
  if (Error.isError(error) && ('$metadata' in error || error.name === 'AbortError')) {
    return new UsherError('aws_unavailable', 'An AWS service did not answer as it should.', {
      retryable: true,
      cause: error,
    });
  }
  return new UsherError('internal_error', 'Something went wrong in Usher. The operator has been told.', {
    cause: error,
  });
}

/**
 * What a log may say of an error: names and places, never messages. Messages of AWS and of parsers quote
 * e-mail addresses and payloads.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!Error.isError(error)) return { name: typeof error };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  if (error instanceof UsherError && error.code !== 'internal_error') {
    return { name: error.name, ...code, ...cause };
  }
  return { name: error.name, ...code, frames: framesOf(error), ...cause };
}

/** Where the error comes from. A stack begins with the message, whose lines may look like frames. */
function framesOf({ stack = '', message }: Error): string[] {
  const trace = stack.replace(message, () => '');
  const frames = trace.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 10).map((line) => line.trim());
}
