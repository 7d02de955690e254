/** The local stack cannot start or go on for a reason the person at the keyboard can fix; the message says how. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
}
