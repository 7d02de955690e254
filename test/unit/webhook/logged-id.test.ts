import { describe, expect, it } from '@jest/globals';
import { loggedId } from '../../../functions/webhook/log.ts';

describe('an id in the log', () => {
  it.each([
    ['7'],
    ['1234567890123456789'],
    ['e0000000-0000-4000-8000-000000000001'],
    ['E0000000-0000-4000-8000-00000000000A'],
  ])('%s is as it is', (id) => {
    expect(loggedId(id)).toBe(id);
  });

  it.each([
    ['ada@example.com'],
    ['12345678901234567890'],
    ['7 or 8'],
    ['7\n{"message":"forged"}'],
    ['e0000000-0000-4000-8000-000000000001x'],
    ['Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4'],
    [''],
  ])('%j is a digest', (id) => {
    expect(loggedId(id)).toMatch(/^sha256:[0-9a-f]{16}$/);
    expect(loggedId(id)).toBe(loggedId(id));
    expect(loggedId(id)).not.toBe(loggedId(`${id}.`));
  });

  it('is absent when there is none', () => {
    expect(loggedId(undefined)).toBeUndefined();
  });
});
