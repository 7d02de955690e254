import { UsherError } from '../errors.ts';
import { userItem } from './items.ts';
import type { User } from './user.ts';

/** 400 KB, less what effects add to an item later: claims, a password's hash, a one-time key. */
const largest = 400 * 1024 - 4096;

/** A byte for two digits, and one or two more. */
const numberSize = (value: number) => Math.ceil(String(value).length / 2) + 2;
/** A list or a map, and each of its elements. */
const [containerBytes, elementBytes] = [3, 1];

/**
 * Bytes of a value as DynamoDB counts them, or one or two more.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (value instanceof Set) return [...value].reduce((sum: number, one) => sum + sizeOf(one), 0);
  if (typeof value !== 'object' || value === null) return 1;
  const elementSize = (one: unknown) => sizeOf(one) + elementBytes;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + elementSize(one), containerBytes);
  const entries = Object.entries(value);
  return entries.reduce(
    (sum, [name, one]) => sum + Buffer.byteLength(name) + elementSize(one),
    containerBytes,
  );
}

/** How much larger a field has become. */
function growth(key: string, before: unknown, after: unknown): number {
  return sizeOf(after) - (before === undefined ? -Buffer.byteLength(key) - elementBytes : sizeOf(before));
}

/**
 * The fields of a user that have to stay as they were for it to fit into an item: of those that have grown the ones that
 * have grown most. None when it fits.
 *
 * @param before the fields as they were
 */
export function withoutRoom(before: User['fields'], user: User): string[] {
  let excess = sizeOf(userItem(user)) - largest;
  if (excess <= 0) return [];
  // A map, because a field may be called like something that every object has.
  const stored = new Map(Object.entries(before));
  const grown = Object.entries(user.fields)
    .map(([key, value]) => ({ key, by: growth(key, stored.get(key), value) }))
    .filter(({ by }) => by > 0)
    .sort((one, other) => other.by - one.by);
  const left: string[] = [];
  for (const { key, by } of grown) {
    if (excess <= 0) break;
    left.push(key);
    excess -= by;
  }
  return left;
}

/**
 * A user that does not fit into an item would be refused by DynamoDB each time, however often it is tried. Fields make room
 * before it is written: these are tags that do not fit beside what is stored.
 *
 * @throws UsherError `contact_too_large`
 */
export function expectToFit(user: User): void {
  if (sizeOf(userItem(user)) <= largest) return;
  throw new UsherError('contact_too_large', 'The tags do not fit into the 400 KB that a user may have.');
}
