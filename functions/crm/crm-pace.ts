import type { UsherError } from '../errors.ts';

/** What the CRM client asks before a call, and tells after it. */
export interface CrmPace {
  /** @throws CrmPaused when the CRM is to be left alone */
  admit(): Promise<void>;
  /** Without an error when the CRM answered, whatever it said. Never rejects. */
  report(error?: UsherError): Promise<void>;
}
