import type { Condition } from './writes.ts';

/** An update expression, put together part by part: names and values go by placeholders, whatever they are. */
export function updateExpression() {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const sets: string[] = [];
  const removes: string[] = [];
  const path = (keys: readonly string[]) =>
    keys
      .map((key) => {
        const placeholder = `#n${Object.keys(names).length}`;
        names[placeholder] = key;
        return placeholder;
      })
      .join('.');
  const value = (given: unknown) => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = given;
    return placeholder;
  };
  return {
    set: (keys: readonly string[], given: unknown) => sets.push(`${path(keys)} = ${value(given)}`),
    remove: (keys: readonly string[]) => removes.push(path(keys)),
    /** For an item that is still as it was read. */
    build: (condition: Condition) => ({
      ConditionExpression: condition.ConditionExpression,
      UpdateExpression: [
        `SET ${sets.join(', ')}`,
        ...(removes.length ? [`REMOVE ${removes.join(', ')}`] : []),
      ].join(' '),
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ...values, ...condition.ExpressionAttributeValues },
    }),
  };
}
