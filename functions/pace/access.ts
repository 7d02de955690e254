/** What is known of a CRM's refusals to let us in. Times are milliseconds since 1970. */
export interface Access {
  /** When the token was last tried by a call that only a valid token can make. */
  testedAt: number;
  /** Its answer is not known yet. */
  isTesting?: boolean;
  /** Since when the CRM rejects the token. No contact is asked for until it accepts it again. */
  rejectedAt?: number;
  /** Different contacts that were refused in a row though the token was accepted, as digests. */
  refused: readonly string[];
  /** The operator was told that the token may not read contacts. */
  isIncomplete?: boolean;
}

/** The token is tried at most so often, in milliseconds. */
const testEveryMs = 60_000;
/** So many contacts refused in a row are no accident: the token has lost a permission. */
const tooManyRefused = 10;

/** What the alarm for the token is told. */
export type AccessNews = 'rejected' | 'accepted' | 'incomplete';

export interface AccessStep {
  access: Access | undefined;
  news?: AccessNews;
}

/** Whether it is time to try the token. */
export const isTestDue = (access: Access | undefined, now: number): boolean =>
  access === undefined || now - access.testedAt >= testEveryMs;

/** Somebody tries the token now. */
export const testing = (access: Access | undefined, now: number): Access => ({
  ...access,
  refused: access?.refused ?? [],
  testedAt: now,
  isTesting: true,
});

/** The CRM rejects the token. */
export function rejected(access: Access | undefined, now: number): AccessStep {
  const { isTesting: _answered, ...tested } = testing(access, now);
  const after = { ...tested, rejectedAt: access?.rejectedAt ?? now };
  return access?.rejectedAt === undefined ? { access: after, news: 'rejected' } : { access: after };
}

/** The CRM accepts the token and refuses one contact. */
export function refused({ isTesting: _answered, ...access }: Access, contact: string): AccessStep {
  const list = access.refused.includes(contact) ? access.refused : [...access.refused, contact];
  if (list.length < tooManyRefused) return { access: { ...access, refused: list } };
  const after = { ...access, refused: list.slice(-tooManyRefused), isIncomplete: true };
  return access.isIncomplete ? { access: after } : { access: after, news: 'incomplete' };
}

/**
 * The CRM has let us in. What was known of the token is forgotten, but for the time of the last test: contacts that are refused
 * while others are not must not have it tried all the time.
 */
export function letIn(access: Access, now: number): AccessStep {
  const wasBad = access.rejectedAt !== undefined || access.isIncomplete === true;
  const after = isTestDue(access, now) ? undefined : { testedAt: access.testedAt, refused: [] };
  return wasBad ? { access: after, news: 'accepted' } : { access: after };
}
