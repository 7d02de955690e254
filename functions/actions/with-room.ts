import { withoutRoom } from '../users/item-size.ts';
import type { User } from '../users/user.ts';
import { changedUser, type UserChange } from '../users/user-change.ts';

/** A change to a user, and the warnings about what could not be done of it. */
interface Warned {
  change: UserChange;
  warnings: string[];
}

/** The warnings for fields that could not be written. */
export const fieldWarnings = (keys: readonly string[]): string[] => keys.map((key) => `field_invalid:${key}`);

/** Fields without some of them. */
export function without<Value>(
  fields: Readonly<Record<string, Value>>,
  keys: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

/**
 * A change without the fields that there is no room for in the user's item, the largest ones: they stay as they are, with a
 * warning, so that one long text keeps neither the rest nor the tags away.
 */
export function withRoom<Plan extends Warned>(user: User, plan: Plan): Plan {
  const { change, warnings } = plan;
  const left = withoutRoom(user.fields, changedUser(user, change, user.updated));
  if (left.length === 0) return plan;
  const { fields = {}, ...others } = change;
  const kept = without(fields, left);
  return {
    ...plan,
    change: Object.keys(kept).length === 0 ? others : { ...others, fields: kept },
    warnings: [...warnings, ...fieldWarnings(left)],
  };
}
