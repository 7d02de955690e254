import { findByContact } from '../../functions/users/find.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { comparePerson } from './compare-person.ts';
import { isSettled, type Person } from './person.ts';
import type { Problem } from './problem.ts';

/** People looked at after a wave. */
const mostChecked = 60;

/**
 * Holds some of the people that were just edited against the table, at a moment when nothing is under way: what has its
 * promise and no job waiting must be right now, and not only when later webhooks have mended it.
 */
export async function spotCheck(
  edited: ReadonlySet<Person>,
  waiting: ReadonlySet<string>,
  table: UserTable,
  wave: number,
): Promise<Problem[]> {
  const due = [...edited].filter((person) => {
    const { twin } = person;
    return isSettled(person, waiting) && (!twin || isSettled(twin, waiting));
  });
  const problems: Problem[] = [];
  for (const person of due.slice(0, mostChecked)) {
    const user = await findByContact(table, person.crm, person.contactId ?? '');
    comparePerson(person, user ? [user] : [], (kind, what) => {
      // Whose job rests for what is pending is seen in the end.
      if (kind !== 'pending effect')
        problems.push({ kind, person: person.n, what: `${what} after wave ${wave}` });
    });
  }
  return problems;
}
