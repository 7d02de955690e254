import { expect, it } from '@jest/globals';
import { planMove } from '../../../functions/actions/plan-move.ts';
import type { ActionPorts } from '../../../functions/actions/ports.ts';
import type { User } from '../../../functions/users/user.ts';
import { changedUser } from '../../../functions/users/user-change.ts';
import config from '../../../usher.config.ts';
import { countingRandom } from '../counting-random.ts';
import { exampleUser } from '../example-user.ts';

const start = Date.parse('2026-03-01T12:00:00.000Z');
const minute = 60_000;

/** Moves a user at a time, in minutes from the start. */
function moveAt(user: User, minutes: number, email: string): User {
  const ports = {
    config,
    connection: { ...config.connections['encharge'], returnPassword: undefined },
    random: countingRandom(),
    now: () => new Date(start + minutes * minute),
  } as unknown as ActionPorts;
  const change = planMove(user, { email, connection: 'encharge', isNameTaken: false }, ports);
  return changedUser(user, change, user.updated);
}

const welcomed = () => exampleUser({ welcomeAsked: '2026-03-01T11:00:00.000Z' });
const dueAfter = ({ moved }: User) => moved?.mails.map((mail) => (Date.parse(mail) - start) / minute);

it('moves within five minutes share a pair of mails, and the sixth of a day waits for the next', () => {
  let user = moveAt(welcomed(), 0, 'b@example.com');
  user = moveAt(user, 1, 'c@example.com');
  user = moveAt(user, 2, 'd@example.com');
  expect(dueAfter(user)).toEqual([0, 5]);
  for (const [index, minutes] of [10, 20, 30, 40].entries())
    user = moveAt(user, minutes, `${index}@example.com`);
  expect(dueAfter(user)).toEqual([5, 10, 20, 30, 24 * 60]);
  expect(user.effects.welcome_mail?.notBefore).toBe('2026-03-02T12:00:00.000Z');
});

it('who was not told yet is told, not the address in between, and nobody who has it back', () => {
  let user = moveAt(welcomed(), 0, 'b@example.com');
  expect(user.effects.moved_mail).toMatchObject({ to: 'ada@example.com' });
  user = moveAt(user, 1, 'c@example.com');
  expect(user.effects.moved_mail).toMatchObject({ to: 'ada@example.com' });
  user = moveAt(user, 2, 'Ada@example.com');
  expect(user.effects.moved_mail).toBeUndefined();
});

it('a mail that is being sent tells its address: the one that is left meanwhile is told by the next', () => {
  const user = moveAt(welcomed(), 0, 'b@example.com');
  const claimedUntil = new Date(start + 2 * minute).toISOString();
  const pending = { since: '2026-03-01T12:00:00.000Z', to: 'ada@example.com', claimedUntil };
  const sending = { ...user, effects: { ...user.effects, moved_mail: pending } };
  expect(moveAt(sending, 1, 'c@example.com').effects.moved_mail).toMatchObject({ to: 'b@example.com' });
  // Whoever was sending has died: nobody knows whether it was told.
  expect(moveAt(sending, 3, 'c@example.com').effects.moved_mail).toMatchObject({ to: 'ada@example.com' });
});
