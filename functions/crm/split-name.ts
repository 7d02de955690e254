import { addUnset } from './field-names.ts';
import { longest } from './field-value.ts';

/** First and last name, where a CRM has one name only: its first word, and the rest. */
function splitName(name: string): [first: string, last: string] {
  // No person is called like this, and no field that is read takes as much.
  if (name.length > longest) return ['', ''];
  const [first = '', ...rest] = name.trim().split(/\s+/);
  return [first, rest.join(' ')];
}

/** Adds first and last name where a contact has none, made of its one name. */
export function addSplitName(fields: Map<string, unknown>, name: string | null | undefined): void {
  const [first, last] = splitName(name ?? '');
  addUnset(fields, 'first_name', first);
  addUnset(fields, 'last_name', last);
}
