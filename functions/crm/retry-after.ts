/** Longest wait a CRM can ask of us. A header with a mistaken date must not park a contact for a year. */
const longestSeconds = 12 * 60 * 60;

/** A number of seconds as a CRM, or whoever stands before it, gives it: undefined for one that is no time to wait. */
export const believedSeconds = (seconds: number | undefined): number | undefined =>
  seconds !== undefined && seconds >= 0 ? Math.min(Math.ceil(seconds), longestSeconds) : undefined;

/** JavaScript reads a date into almost any text with a number; one of HTTP says the time of day. */
const httpDate = (text: string) => (/ \d{2}:\d{2}:\d{2}\b/.test(text) ? Date.parse(text) : Number.NaN);

/**
 * How long a `Retry-After` header asks us to wait, in seconds, given as seconds or as an HTTP date.
 * Undefined when the header is missing or unreadable.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (httpDate(text) - now.getTime()) / 1000;
  // A date that is over asks for no wait.
  return believedSeconds(Math.max(seconds, 0));
}
