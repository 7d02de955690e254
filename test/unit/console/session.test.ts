import { expect, it } from '@jest/globals';
import { createSession } from '../../../lib/console/session.ts';

it('lets in by the token once, and by what it gave for it', () => {
  const session = createSession();
  expect(session.begin('another')).toBeUndefined();
  const cookie = session.begin(session.token);
  expect(session.isOpen(cookie)).toBe(true);
  expect(session.begin(session.token)).toBeUndefined();
  for (const wrong of [undefined, '', session.token]) expect(session.isOpen(wrong)).toBe(false);
  expect(createSession().isOpen(cookie)).toBe(false);
  expect(session.cookieName(4001)).not.toBe(session.cookieName(4002));
});
