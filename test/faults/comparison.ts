import { userOf } from '../../functions/users/items.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { inParallel } from '../bench/in-parallel.ts';
import { allItems, inconsistencies } from '../integration/table-state.ts';
import { comparePerson, type Found } from './compare-person.ts';
import type { CrmAccounts } from './crm-accounts.ts';
import { isPromised, type Person } from './person.ts';
import type { Problem } from './problem.ts';

/** What the table holds, and what is visibly waiting instead of being in it. */
export interface Stored {
  users: readonly User[];
  /** `connection/contact id` and `user id` of dead letters. */
  waiting: ReadonlySet<string>;
}

/**
 * The written-back password; a contact that was created anew came without the one of its predecessor. Of two contacts of one
 * human the one that made the user has it, or after a move the one that moved.
 */
async function comparePassword(person: Person, user: User, crm: CrmAccounts, found: Found): Promise<void> {
  const contacts = person.twin ? [person, person.twin] : [person];
  const asked = user.moved && person.twin ? contacts.filter(({ isMover }) => isMover) : contacts;
  const returned = asked.map((one) => crm.returnedPassword(one)).filter((one) => typeof one === 'string');
  if (returned.length === 0) {
    if (person.contactIds.length === 1) found('missing password', `user ${user.id}`);
    return;
  }
  const checks = returned.map((password) => verifyPassword(password, user.passwordHash ?? ''));
  if (!(await Promise.all(checks)).includes(true)) found('wrong password', `user ${user.id}`);
}

/** Hashing takes as long as all the rest of the comparison; so many at once keep every core busy. */
const hashesAtOnce = 4;

/** All users in the table. */
export async function storedUsers(table: UserTable): Promise<User[]> {
  return (await allItems(table)).filter(({ sk }) => sk === 'USER').map(userOf);
}

/** Holds the table against the CRMs, item by item. */
export async function compare(
  people: readonly Person[],
  { users, waiting }: Stored,
  table: UserTable,
  crm: CrmAccounts,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const owners = new Map(
    people.flatMap((person) =>
      person.contactIds.map((id): [string, Person] => [`${person.crm}/${id}`, person]),
    ),
  );
  const usersOf = new Map<Person, User[]>();
  for (const user of users) {
    const holders = new Set(Object.entries(user.contacts).map(([name, id]) => owners.get(`${name}/${id}`)));
    for (const person of holders) {
      if (person) usersOf.set(person, [...(usersOf.get(person) ?? []), user]);
    }
    const [holder, ...others] = holders;
    if (!holder || others.some((other) => other !== holder.twin))
      problems.push({ kind: 'wrong link', what: `${holders.size} people share user ${user.id}` });
  }
  const passwords: (() => Promise<void>)[] = [];
  for (const person of people) {
    const found: Found = (kind, what) => problems.push({ kind, person: person.n, what });
    const own = usersOf.get(person) ?? [];
    const contacts = person.twin ? [person, person.twin] : [person];
    const isWaiting =
      contacts.some(({ crm: name, contactIds }) => contactIds.some((id) => waiting.has(`${name}/${id}`))) ||
      own.some(({ id }) => waiting.has(id));
    if (person.contactId === undefined || isWaiting) continue;
    if (!isPromised(person)) found('lost', 'the last edit was never promised: the machine is wrong');
    comparePerson(person, own, found);
    const [user] = own;
    if (user) passwords.push(() => comparePassword(person, user, crm, found));
  }
  await inParallel(passwords, hashesAtOnce, Number.POSITIVE_INFINITY, (check) => check());
  for (const what of await inconsistencies(table)) problems.push({ kind: 'orphan item', what });
  return problems;
}
