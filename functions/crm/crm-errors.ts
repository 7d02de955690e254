import { UsherError } from '../errors.ts';

/** The CRM refused our API token (401, 403), or none is stored. An operator can mend it, so the job waits. */
export class CrmAuthError extends UsherError {
  override name = 'CrmAuthError';
  /** No usable token is stored: the CRM was not asked. */
  readonly isMissing: boolean;
  /** It is the credentials that are refused (401), and not what was asked for (403). */
  readonly isExpired: boolean;
  constructor({ isMissing = false, isExpired = false } = {}) {
    const message = isMissing
      ? 'No usable API token is stored for this connection.'
      : 'The CRM rejects the stored API token.';
    super('crm_credentials_rejected', message, { retryable: true });
    this.isMissing = isMissing;
    this.isExpired = isExpired;
  }
}

/** The CRM accepts the token and refuses this contact (401, 403). Nobody else has to wait for it. */
export class CrmContactRefused extends UsherError {
  override name = 'CrmContactRefused';
  constructor() {
    super('crm_contact_refused', 'The CRM refuses this contact, though it accepts the API token.', {
      retryable: true,
    });
  }
}

/** The CRM asked us to slow down (429). */
export class CrmRateLimited extends UsherError {
  override name = 'CrmRateLimited';
  /** Calls a second that the vendor documents or its answer names. */
  readonly perSecond: number | undefined;
  constructor(retryAfterSeconds: number | undefined, perSecond?: number) {
    super('crm_rate_limited', 'The CRM limits our calls.', { retryable: true, retryAfterSeconds });
    this.perSecond = perSecond;
  }
}

/** The CRM did not answer, answered too late, or with a 5xx. */
export class CrmUnavailable extends UsherError {
  override name = 'CrmUnavailable';
  constructor(options: { retryAfterSeconds?: number | undefined; cause?: unknown }) {
    super('crm_unavailable', 'The CRM does not answer.', { retryable: true, ...options });
  }
}

/** Why a call has to wait for its turn. */
export type HeldReason = 'crm_credentials_rejected' | 'crm_rate_limited' | 'crm_unavailable';

const heldBecause: Record<HeldReason, string> = {
  crm_credentials_rejected: 'The CRM rejects the stored API token.',
  crm_rate_limited: 'The CRM limits our calls.',
  crm_unavailable: 'The CRM does not answer.',
};

/** No call was made: it has to wait for its turn. */
export class CrmHeld extends UsherError {
  override name = 'CrmHeld';
  constructor(reason: HeldReason) {
    super(reason, heldBecause[reason], { retryable: true });
  }
}

/** The CRM answered, but not in a shape we know. Such an answer says nothing about the contact. */
export class CrmAnswerInvalid extends UsherError {
  override name = 'CrmAnswerInvalid';
  constructor(reason: string, cause?: unknown) {
    super('crm_answer_invalid', `The CRM's answer could not be read: ${reason}.`, { retryable: true, cause });
  }
}

/** The CRM has no such contact, or does not show it yet: CRMs show a new one a moment late. */
export class ContactNotFound extends UsherError {
  override name = 'ContactNotFound';
  /** No user belongs to it yet. */
  readonly isNew: boolean;
  constructor(what: 'id' | 'address' = 'id', { isNew = false } = {}) {
    super('contact_not_found', `The CRM has no contact with this ${what}.`, { retryable: true });
    this.isNew = isNew;
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
