import { UsherError } from '../errors.ts';

/** The CRM refused our API token (401, 403). An operator can mend it, so the job waits. */
export class CrmAuthError extends UsherError {
  override name = 'CrmAuthError';
  constructor() {
    super('crm_credentials_rejected', 'The CRM rejects the stored API token.', { retryable: true });
  }
}

/** The CRM asked us to slow down (429). */
export class CrmRateLimited extends UsherError {
  override name = 'CrmRateLimited';
  constructor(retryAfterSeconds: number | undefined) {
    super('crm_rate_limited', 'The CRM limits our calls.', { retryable: true, retryAfterSeconds });
  }
}

/** The CRM did not answer, answered too late, or with a 5xx. */
export class CrmUnavailable extends UsherError {
  override name = 'CrmUnavailable';
  constructor(options: { retryAfterSeconds?: number | undefined; cause?: unknown }) {
    super('crm_unavailable', 'The CRM does not answer.', { retryable: true, ...options });
  }
}

/** The CRM is being left alone: no call was made. */
export class CrmPaused extends UsherError {
  override name = 'CrmPaused';
  constructor(retryAfterSeconds: number) {
    super('crm_paused', 'The CRM is being left alone for a while.', { retryable: true, retryAfterSeconds });
  }
}

/** The CRM answered, but not in a shape we know. Such an answer says nothing about the contact. */
export class CrmAnswerInvalid extends UsherError {
  override name = 'CrmAnswerInvalid';
  constructor(reason: string, cause?: unknown) {
    super('crm_answer_invalid', `The CRM's answer could not be read: ${reason}.`, { retryable: true, cause });
  }
}

/** The CRM has no such contact. */
export class ContactNotFound extends UsherError {
  override name = 'ContactNotFound';
  constructor(what: 'id' | 'address' = 'id') {
    super('contact_not_found', `The CRM has no contact with this ${what}.`);
  }
}

/** The CRM refused a write (400, 422): most often the field does not exist there. An operator can create it. */
export class CrmWriteRefused extends UsherError {
  override name = 'CrmWriteRefused';
  constructor() {
    super(
      'crm_write_refused',
      'The CRM refused to write the field. Check that it exists there and that the token may write.',
      {
        retryable: true,
      },
    );
  }
}
