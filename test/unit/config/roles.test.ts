import { describe, expect, it } from '@jest/globals';
import { problemsOf } from './config-problems.ts';

describe('roles', () => {
  const subscriber = { slug: 'subscriber', name: 'Subscriber' };
  const beside = (other: object) => ({ default: 'subscriber', list: [subscriber, other] });
  const only = (change: object) => ({ default: 'subscriber', list: [{ ...subscriber, ...change }] });

  it.each<[name: string, roles: unknown, problem: RegExp]>([
    [
      'a default that is not in the list',
      { default: 'customer', list: [subscriber] },
      /the default role must be in the list/,
    ],
    [
      'a default by its name',
      { default: 'Subscriber', list: [subscriber] },
      /the default role must be in the list/,
    ],
    ['a privileged default', only({ privileged: true }), /not privileged/],
    ['a slug twice', beside({ ...subscriber, name: 'Other' }), /two roles share/],
    ['a name twice', beside({ slug: 'other', name: 'SUBSCRIBER' }), /two roles share/],
    [
      'a slug with capitals',
      beside({ slug: 'Admin', name: 'Admin' }),
      /^roles\.list\.1\.slug: must be lower-case/,
    ],
    ['no name', beside({ slug: 'a', name: '' }), /^roles\.list\.1\.name: /],
    ['an unknown option', only({ admin: true }), /^roles\.list\.0: Unrecognized key/],
  ])('have %s', (_name, roles, problem) => {
    expect(problemsOf({ roles })).toEqual([expect.stringMatching(problem)]);
  });

  it('may have a name like their slug', () => {
    expect(problemsOf({ roles: { default: 'a', list: [{ slug: 'a', name: 'A' }] } })).toEqual([]);
  });
});
