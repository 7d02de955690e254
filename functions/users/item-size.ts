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
  const parts = Object.entries(value).map(
    ([name, one]) => (Array.isArray(value) ? 0 : Buffer.byteLength(name)) + sizeOf(one) + elementBytes,
  );
  return parts.reduce((sum, part) => sum + part, containerBytes);
}

/**
 * A user that does not fit into an item would be refused by DynamoDB each time, however often it is tried.
 *
 * @throws UsherError `contact_too_large`
 */
export function expectToFit(user: User): void {
  if (sizeOf(userItem(user)) <= largest) return;
  throw new UsherError('contact_too_large', 'The mapped fields and tags make the user larger than 400 KB.');
}
