import { ContactNotFound } from './crm-errors.ts';

/** A URL's path below the base URL, and how it stands in logs: without ids and addresses. */
export interface Path {
  /** Percent-encoded. */
  text: string;
  /** `contacts/{}/tags` */
  template: string;
}

/** Segments that a URL takes for a place, and text that it cannot hold: https://url.spec.whatwg.org/#double-dot-path-segment. */
const isPlace = (value: string) => value === '' || value === '.' || value === '..' || !value.isWellFormed();

/**
 * A path whose values are percent-encoded, each within its segment: path`contacts/${id}`.
 *
 * @throws ContactNotFound for a value that would name another place
 */
export function path(strings: TemplateStringsArray, ...values: readonly string[]): Path {
  if (values.some(isPlace)) throw new ContactNotFound();
  const encoded = values.map((value) => encodeURIComponent(value));
  return { text: String.raw({ raw: strings }, ...encoded), template: strings.join('{}') };
}
