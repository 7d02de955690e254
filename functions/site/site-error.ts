import type { Config } from '../config/config.ts';

/** Every code that the site's side answers with; what they say stands in the configuration. */
export type SiteErrorCode = keyof Config['site']['errors'];

/** Of each error. 410 never stands on `/`, where two CRMs would switch their webhooks off for good. */
export const siteStatuses: Record<SiteErrorCode, number> = {
  invalid_parameter: 400,
  malformed_body: 400,
  invalid_login: 401,
  invalid_site_key: 401,
  not_found: 404,
  user_not_found: 404,
  method_not_allowed: 405,
  link_over: 410,
  payload_too_large: 413,
  password_refused: 422,
  too_many_tries: 429,
  internal_error: 500,
  unavailable: 503,
};

export interface SiteErrorOptions {
  /** What its text may name: never a value that somebody has sent. */
  values?: Readonly<Record<string, string>>;
  retryAfterSeconds?: number;
  /** Methods that are allowed. */
  allow?: string;
}

/** An outcome of the site's side other than success, that was foreseen. */
export class SiteError extends Error {
  override name = 'SiteError';
  readonly code: SiteErrorCode;
  readonly options: SiteErrorOptions;

  constructor(code: SiteErrorCode, options: SiteErrorOptions = {}) {
    super(code);
    this.code = code;
    this.options = options;
  }
}
