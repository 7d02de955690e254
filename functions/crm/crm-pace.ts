import type { UsherError } from '../errors.ts';

/** Asks the CRM what only a valid token may ask. @throws CrmAuthError when it is rejected */
export type CheckToken = () => Promise<void>;

/** What the CRM client asks before a call, and tells after it. */
export interface CrmPace {
  /**
   * Resolves when the call may go: `once`, or `freely` when it may be repeated at once after a passing fault.
   *
   * @throws CrmHeld when it may not go now
   */
  admit(check: CheckToken): Promise<'freely' | 'once'>;
  /** The CRM has answered. Never rejects. */
  succeeded(): Promise<void>;
  /** What a failed call means, which is to be thrown. Never rejects. */
  failed(error: UsherError, check: CheckToken): Promise<unknown>;
}
