/** DynamoDB nests 32 levels deep; the user item itself takes some. */
export const deepest = 16;

/** Between two items of a list, as they are joined to a text. */
const separatorBytes = 2;
/** A number, or yes or no, as text: at most about this. */
const scalarBytes = 8;

/** What is left of so many bytes after a value; less than nothing as soon as they are used up. */
function rest(value: unknown, bytes: number, depth: number): number {
  if (typeof value === 'string') return value.length > bytes ? -1 : bytes - Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return bytes - scalarBytes;
  let left = bytes;
  for (const key in value) {
    if (left < 0 || depth > deepest) break;
    if (!Array.isArray(value)) left = rest(key, left, depth);
    left = rest((value as Record<string, unknown>)[key], left - separatorBytes, depth + 1);
  }
  return left;
}

/**
 * Whether a value has more than so many bytes of text. Asked before a value is looked at: what reads it may take longer than
 * a function has for texts that a CRM puts no limit to. It ends where the bytes do, whatever the value's length.
 */
export function isLongerThan(value: unknown, bytes: number): boolean {
  // A number by itself, or a text that is one, is never longer.
  return (typeof value === 'object' || typeof value === 'string') && rest(value, bytes, 0) < 0;
}
