import { longest } from './field-value.ts';

/** First and last name, where a CRM has one name only: its first word, and the rest. */
export function splitName(name: string): [first: string, last: string] {
  // No person is called like this, and no field that is read takes as much.
  if (name.length > longest) return ['', ''];
  const [first = '', ...rest] = name.trim().split(/\s+/);
  return [first, rest.join(' ')];
}
