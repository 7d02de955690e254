import { describe, expect, it } from '@jest/globals';
import { loggedId, loggedIds } from '../../../functions/runtime/log.ts';

describe('an id in the log', () => {
  it.each([['e0000000-0000-4000-8000-000000000001'], ['E0000000-0000-4000-8000-00000000000A']])(
    '%s is as it is',
    (id) => {
      expect([loggedId(id, true), loggedId(id, false)]).toEqual([id, id]);
    },
  );

  it.each([['7'], ['1234567890123456789'], ['4915112345678'], ['512345678']])(
    '%s is as it is only when the contact is known: it may be a telephone number',
    (id) => {
      const digest = expect.stringMatching(/^sha256:[0-9a-f]{16}$/);
      expect([loggedId(id, true), loggedId(id, false)]).toEqual([id, digest]);
      expect(loggedIds(id)).toEqual([id, loggedId(id, false)]);
    },
  );

  it.each([
    ['ada@example.com'],
    ['12345678901234567890'],
    ['+4915112345678'],
    ['7 or 8'],
    ['7\n{"message":"forged"}'],
    ['e0000000-0000-4000-8000-000000000001x'],
    ['Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4'],
    [''],
  ])('%j is a digest', (id) => {
    expect(loggedId(id, true)).toMatch(/^sha256:[0-9a-f]{16}$/);
    expect(loggedId(id, true)).toBe(loggedId(id, false));
    expect(loggedId(id, true)).not.toBe(loggedId(`${id}.`, true));
    expect(loggedIds(id)).toEqual([loggedId(id, true)]);
  });

  it('is absent when there is none', () => {
    expect(loggedId(undefined, true)).toBeUndefined();
  });
});
