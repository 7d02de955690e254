import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { findById } from '../../functions/users/find.ts';
import { type Key, userKey } from '../../functions/users/items.ts';
import { batchSize, readItems } from '../../functions/users/read-items.ts';
import type { EffectName, User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import {
  holderOf,
  type Item,
  indexItems,
  isKnownOther,
  isLeftover,
  nameOf,
  wholeUser,
} from './verify-items.ts';
import { type IndexProblem, look, type Sleep, type Suspicion } from './verify-look.ts';
import { respelledTags } from './verify-spelling.ts';

/**
 * Something in the table that is not as it should be. `unknown` is an item of no known kind, or a user no one can read,
 * `leftover` one of an earlier release, `old_spelling` a user with tags as an earlier release kept them.
 */
export type Problem =
  | IndexProblem
  | { kind: 'old_spelling'; userId: string }
  | { kind: 'effects_pending'; userId: string; user: User; effects: EffectName[]; since: string }
  | { kind: 'unknown'; key: Key }
  | { kind: 'leftover'; key: Key };

export interface VerifyPorts {
  /** Effects that are pending since before this are a problem. */
  pendingSince: Date;
  sleep: Sleep;
  /** Gets the number of items read so far. */
  onRead: (count: number) => void;
}

/** Between two looks at what seems wrong. */
const secondLookMs = 250;
/** Looks at once: a table with many problems must not take all of its capacity. */
const looksAtOnce = 8;

async function* pages(table: UserTable): AsyncGenerator<Item[]> {
  let start: Item | undefined;
  do {
    const page = await table.documents.send(
      new ScanCommand({
        TableName: table.name,
        Limit: batchSize,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    yield page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}

async function inGroups<Given, Result>(given: readonly Given[], work: (item: Given) => Promise<Result>) {
  const results: Result[] = [];
  for (let start = 0; start < given.length; start += looksAtOnce) {
    results.push(...(await Promise.all(given.slice(start, start + looksAtOnce).map(work))));
  }
  return results;
}

/** Index items of these users that are not there, or not theirs. */
async function lackedBy(table: UserTable, users: readonly User[]): Promise<Suspicion[]> {
  const wanted = users.flatMap((user) => indexItems(user).map((item) => ({ item, userId: user.id })));
  const keys = new Map(wanted.map(({ item: { pk, sk } }) => [nameOf({ pk, sk }), { pk, sk }]));
  const found = new Map((await readItems(table, [...keys.values()])).map((item) => [nameOf(item), item]));
  return wanted
    .filter(({ item }) => {
      const { userId, tag } = found.get(nameOf(item)) ?? {};
      return item.tag === undefined ? userId !== item.userId : tag !== item.tag;
    })
    .map(({ item: { pk, sk }, userId }) => ({ key: { pk, sk }, userId }));
}

/** Those of these index items whose users do not know of them. */
async function ownerless(table: UserTable, held: readonly Suspicion[]): Promise<Suspicion[]> {
  const ids = [...new Set(held.map(({ userId }) => userId))];
  const found = await readItems(table, ids.map(userKey));
  const known = new Set(
    found.flatMap((item) => {
      const user = wholeUser(item);
      return user ? indexItems(user).map((index) => `${user.id} ${nameOf(index)}`) : [];
    }),
  );
  return held.filter(({ key, userId }) => !known.has(`${userId} ${nameOf(key)}`));
}

/** What two looks in a row, some time apart, find wrong with the same words. */
async function confirmed<Given, Found extends { kind: string }>(
  suspicions: readonly Given[],
  lookAt: (given: Given) => Promise<Found | undefined>,
  sleep: Sleep,
): Promise<Found[]> {
  if (suspicions.length === 0) return [];
  const first = await inGroups(suspicions, lookAt);
  const wrong = suspicions.flatMap((given, index) => {
    const found = first[index];
    return found ? [{ given, kind: found.kind }] : [];
  });
  if (wrong.length === 0) return [];
  await sleep(secondLookMs);
  const second = await inGroups(wrong, ({ given }) => lookAt(given));
  return second.flatMap((found, index) => (found && found.kind === wrong[index]?.kind ? [found] : []));
}

const misspelled = (user: User): Problem | undefined =>
  respelledTags(user) && { kind: 'old_spelling', userId: user.id };

/** The effects of a user that nobody works on and that should be done by now. */
function overdue(user: User, { pendingSince }: VerifyPorts, now: Date): Problem | undefined {
  const late = Object.entries(user.effects).filter(
    ([, { since, claimedUntil }]) =>
      Date.parse(since) < pendingSince.getTime() &&
      (claimedUntil === undefined || Date.parse(claimedUntil) < now.getTime()),
  );
  const [first] = late.map(([, { since }]) => since).sort();
  if (first === undefined) return undefined;
  const effects = late.map(([name]) => name as EffectName);
  return { kind: 'effects_pending', userId: user.id, user, effects, since: first };
}

/**
 * Reads the whole table, page by page, and yields what is wrong with it. Webhooks may go on meanwhile: what looks wrong is
 * read again, twice, each time as it is at one moment. Reads every item about three times, whatever the table's size.
 */
export async function* verifyTable(table: UserTable, ports: VerifyPorts): AsyncGenerator<Problem> {
  let count = 0;
  for await (const items of pages(table)) {
    const users = items.flatMap((item) => wholeUser(item) ?? []);
    const held = items.flatMap((item): Suspicion[] => {
      const userId = holderOf(item);
      return userId === undefined ? [] : [{ key: keyOf(item), userId }];
    });
    for (const item of items) {
      const isKnown = wholeUser(item) !== undefined || holderOf(item) !== undefined || isKnownOther(item);
      if (!isKnown) yield { kind: isLeftover(item) ? 'leftover' : 'unknown', key: keyOf(item) };
    }
    const suspicions = [...(await lackedBy(table, users)), ...(await ownerless(table, held))];
    yield* await confirmed(suspicions, (given) => look(table, given, ports.sleep), ports.sleep);
    for (const find of [misspelled, (user: User) => overdue(user, ports, table.now())]) {
      const lookAt = async ({ id }: User) => {
        const user = await findById(table, id);
        return user && find(user);
      };
      yield* await confirmed(users.filter(find), lookAt, ports.sleep);
    }
    count += items.length;
    ports.onRead(count);
  }
}

const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });
