import { isDeepStrictEqual } from 'node:util';
import type { User } from '../../functions/users/user.ts';
import type { Person } from './person.ts';
import type { ProblemKind } from './problem.ts';
import { wrongRole } from './role-events.ts';

/** Fields that the field maps of both CRMs fill and the model knows nothing of. */
const unmodelled = new Set(['nickname']);

export type Found = (kind: ProblemKind, what: string) => void;

const given = ({ first, last, kept, fields }: Person): Record<string, unknown> => ({
  first_name: first,
  last_name: last,
  display_name: `${first} ${last}`,
  ...kept,
  ...fields,
});

/** The ways in which the contacts of a user may lie upon each other: the one that was pulled last is on top. */
function orders(person: Person): Person[][] {
  const { twin } = person;
  if (twin?.contactId === undefined) return [[person]];
  return [
    [twin, person],
    [person, twin],
  ];
}

function compareFields(person: Person, user: User, found: Found): void {
  const stale = orders(person).map((contacts) => {
    const wanted: Record<string, unknown> = Object.assign({}, ...contacts.map(given));
    const keys = new Set(
      [...Object.keys(wanted), ...Object.keys(user.fields)].filter((key) => !unmodelled.has(key)),
    );
    return [...keys].filter((key) => !isDeepStrictEqual(wanted[key], user.fields[key]));
  });
  const [first = []] = stale;
  if (stale.every((keys) => keys.length > 0)) found('stale fields', `${first.join(', ')} of user ${user.id}`);
}

/** Tags are those of one contact, whole: of the one that was pulled last. */
function compareTags(person: Person, user: User, found: Found): void {
  const stored = new Set(user.tags);
  const wrong = orders(person).map((contacts) => {
    const wanted = new Set(contacts.at(-1)?.tags);
    const missing = [...wanted].filter((tag) => !stored.has(tag)).length;
    const extra = [...stored].filter((tag) => !wanted.has(tag)).length;
    return { missing, extra };
  });
  const [{ missing, extra } = { missing: 0, extra: 0 }] = wrong;
  if (wrong.every((one) => one.missing + one.extra > 0)) {
    found('stale tags', `${missing} missing and ${extra} too many, user ${user.id}`);
  }
}

/** Holds what is stored of a person against what its CRM holds, or both do. */
export function comparePerson(person: Person, users: readonly User[], found: Found): void {
  const { contactId = '', crm, twin } = person;
  const [user, ...more] = users;
  if (!user) {
    found('lost', `no user for contact ${contactId}`);
    return;
  }
  if (more.length > 0) found('duplicate user', users.map(({ id }) => id).join(', '));
  if (user.contacts[crm] !== contactId) {
    found('wrong link', `user ${user.id} has ${user.contacts[crm]} and not ${contactId}`);
  }
  if (twin && user.contacts[twin.crm] !== twin.contactId) {
    found('duplicate user', `user ${user.id} has not the contact ${twin.contactId} of the other CRM`);
    return;
  }
  compareTags(person, user, found);
  compareFields(person, user, found);
  const role = wrongRole(twin ? [person, twin] : [person], user);
  if (role !== undefined) found('stale role', `user ${user.id}: ${role}`);
  const { email } = twin && !person.isMover ? twin : person;
  if (user.email !== email) found('stale e-mail', `user ${user.id}`);
  const pending = Object.keys(user.effects);
  if (pending.length > 0) found('pending effect', `${pending.join(', ')} of user ${user.id}`);
}
