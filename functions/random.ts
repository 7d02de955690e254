import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** Where random values come from. Passed in, so that a test can replay a run. */
export interface Random {
  /** UUID version 4. */
  uuid(): string;
  bytes(size: number): Buffer;
  /** A whole number from 0 to below `max`. */
  int(max: number): number;
}

export const secureRandom: Random = { uuid: randomUUID, bytes: randomBytes, int: randomInt };
