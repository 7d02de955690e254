import { allUsers } from '../../functions/users/all-users.ts';
import { findById } from '../../functions/users/find.ts';
import { usersWithTag } from '../../functions/users/list.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import type { State } from './state.ts';
import type { Seen, Step } from './walk.ts';

/** So many are sent between two writes of the state, where the source has no pages. */
const stepSize = 100;

/** Ids in steps; those that were there before are left out. */
export async function* inSteps(
  ids: AsyncIterable<string> | Iterable<string>,
  seen: Seen,
): AsyncGenerator<Step> {
  let fresh: Step['fresh'][number][] = [];
  for await (const id of ids) {
    if (seen.has(id)) continue;
    seen.add(id);
    fresh.push({ id, email: undefined });
    if (fresh.length < stepSize) continue;
    yield { place: undefined, fresh };
    fresh = [];
  }
  if (fresh.length > 0) yield { place: undefined, fresh };
}

async function* usersOf(users: UserTable, { by, of }: Pick<State, 'by' | 'of'>): AsyncGenerator<User> {
  if (by === 'all') return yield* allUsers(users);
  if (by === 'tag') return yield* usersWithTag(users, of);
  const user = await findById(users, of);
  if (user) yield user;
}

/** The contacts that users of the table have in a connection. */
export async function* contactsOf(
  users: UserTable,
  state: Pick<State, 'by' | 'of' | 'connection'>,
): AsyncGenerator<string> {
  for await (const { contacts } of usersOf(users, state)) {
    const id = contacts[state.connection];
    if (id !== undefined) yield id;
  }
}
