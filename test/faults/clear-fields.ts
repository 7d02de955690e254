import type { SeededRandom } from '../integration/seeded-random.ts';
import type { Emptied, Person } from './person.ts';

/** The field that goes when the CRM has nothing for it, by the configuration of a run. */
export const clearedWhenEmpty = 'birthday';
const clearable: readonly string[] = ['city', 'orders', 'interests', clearedWhenEmpty];

/**
 * Empties fields of a person that have a value. One that is kept then is emptied only when it is known to be stored: else
 * nobody could say which of its values a pull has seen.
 *
 * @returns how many
 */
export function clearFields(person: Person, random: SeededRandom, isSettled: boolean): number {
  const keys = random
    .some(clearable)
    .filter((key) => key in person.fields && (isSettled || key === clearedWhenEmpty));
  for (const key of keys) {
    const value = person.fields[key];
    if (key !== clearedWhenEmpty && value !== undefined) person.kept[key] = value;
    delete person.fields[key];
    person.emptied[key] = random.pick<Emptied>(['null', 'blank', 'missing']);
  }
  return keys.length;
}
