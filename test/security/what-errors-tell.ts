import { inspect } from 'node:util';
import { describeError, toUsherError } from '../../functions/errors.ts';
import { errorAnswer } from '../../functions/webhook/answers.ts';

/** Everything that must not be told, each easily found again. */
export const planted = {
  token: 'planted-token-of-a-crm',
  key: 'planted-access-key-planted-access-key',
  password: 'planted-password',
  address: 'planted.person@example.com',
  value: 'planted value of a field',
};

/** What of an error may leave the process: in a log line, in an answer. */
export const told = (error: unknown) => {
  const known = toUsherError(error);
  return JSON.stringify([describeError(error), describeError(known), errorAnswer(known, 'r1')]);
};
/** Everything an error holds, hidden or not, causes too. */
export const held = (error: unknown) =>
  [
    inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
    JSON.stringify(error),
  ].join();

export const thrownBy = (work: () => unknown): Promise<unknown> =>
  Promise.resolve()
    .then(work)
    .then(
      () => {
        throw new Error('Nothing was thrown.');
      },
      (error: unknown) => error,
    );
