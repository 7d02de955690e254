import { isDeepStrictEqual } from 'node:util';
import { userOf } from '../../functions/users/items.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { inParallel } from '../bench/in-parallel.ts';
import { allItems, inconsistencies } from '../integration/table-state.ts';
import type { CrmAccounts } from './crm-accounts.ts';
import { isPromised, type Person } from './person.ts';
import type { Problem, ProblemKind } from './problem.ts';

/** What the table holds, and what is visibly waiting instead of being in it. */
export interface Stored {
  users: readonly User[];
  /** `connection/contact id` and `user id` of dead letters. */
  waiting: ReadonlySet<string>;
}

/** Fields that the field maps of both CRMs fill and the model knows nothing of. */
const unmodelled = new Set(['nickname']);

type Found = (kind: ProblemKind, what: string) => void;

function compareFields(person: Person, user: User, found: Found): void {
  const { first, last, fields } = person;
  const wanted: Record<string, unknown> = {
    first_name: first,
    last_name: last,
    display_name: `${first} ${last}`,
    ...fields,
  };
  const keys = new Set(
    [...Object.keys(wanted), ...Object.keys(user.fields)].filter((key) => !unmodelled.has(key)),
  );
  const stale = [...keys].filter((key) => !isDeepStrictEqual(wanted[key], user.fields[key]));
  if (stale.length > 0) found('stale fields', `${stale.join(', ')} of user ${user.id}`);
}

function compareTags({ tags }: Person, user: User, found: Found): void {
  const [wanted, stored] = [new Set(tags), new Set(user.tags)];
  const missing = [...wanted].filter((tag) => !stored.has(tag)).length;
  const extra = [...stored].filter((tag) => !wanted.has(tag)).length;
  if (missing + extra > 0) {
    found('stale tags', `${missing} missing and ${extra} too many of ${wanted.size}, user ${user.id}`);
  }
}

/** Holds what is stored of a person against what its CRM holds. */
export function comparePerson(person: Person, users: readonly User[], found: Found): void {
  const { contactId = '', crm } = person;
  const [user, ...more] = users;
  if (!user) {
    found('lost', `no user for contact ${contactId}`);
    return;
  }
  if (more.length > 0) found('duplicate user', users.map(({ id }) => id).join(', '));
  if (user.contacts[crm] !== contactId) {
    found('wrong link', `user ${user.id} has ${user.contacts[crm]} and not ${contactId}`);
  }
  compareTags(person, user, found);
  compareFields(person, user, found);
  if (user.email !== person.email) found('stale e-mail', `user ${user.id}`);
  const pending = Object.keys(user.effects);
  if (pending.length > 0) found('pending effect', `${pending.join(', ')} of user ${user.id}`);
}

/** The written-back password; a contact that was created anew came without the one of its predecessor. */
async function comparePassword(person: Person, user: User, crm: CrmAccounts, found: Found): Promise<void> {
  const password = crm.returnedPassword(person);
  if (typeof password !== 'string') {
    if (person.contactIds.length === 1) found('missing password', `user ${user.id}`);
  } else if (!(await verifyPassword(password, user.passwordHash ?? ''))) {
    found('wrong password', `user ${user.id}`);
  }
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
    if (holders.size !== 1)
      problems.push({ kind: 'wrong link', what: `${holders.size} people share user ${user.id}` });
  }
  const passwords: (() => Promise<void>)[] = [];
  for (const person of people) {
    const found: Found = (kind, what) => problems.push({ kind, person: person.n, what });
    const own = usersOf.get(person) ?? [];
    const isWaiting =
      person.contactIds.some((id) => waiting.has(`${person.crm}/${id}`)) ||
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
