import { describe, expect, it } from '@jest/globals';
import { problemsOf } from './config-problems.ts';

describe('roles', () => {
  const subscriber = { slug: 'subscriber', name: 'Subscriber' };

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
    [
      'a privileged default',
      { default: 'subscriber', list: [{ ...subscriber, privileged: true }] },
      /not privileged/,
    ],
    [
      'a slug twice',
      { default: 'subscriber', list: [subscriber, { ...subscriber, name: 'Other' }] },
      /two roles share/,
    ],
    [
      'a name twice',
      { default: 'subscriber', list: [subscriber, { slug: 'other', name: 'SUBSCRIBER' }] },
      /two roles share/,
    ],
    [
      'a slug with capitals',
      { default: 'subscriber', list: [subscriber, { slug: 'Admin', name: 'Admin' }] },
      /^roles\.list\.1\.slug: must be lower-case/,
    ],
    [
      'a slug with a space',
      { default: 'subscriber', list: [subscriber, { slug: 'a b', name: 'Admin' }] },
      /^roles\.list\.1\.slug: must be lower-case/,
    ],
    [
      'no name',
      { default: 'subscriber', list: [subscriber, { slug: 'a', name: '' }] },
      /^roles\.list\.1\.name: /,
    ],
    [
      'an unknown option',
      { default: 'subscriber', list: [{ ...subscriber, admin: true }] },
      /^roles\.list\.0: Unrecognized key/,
    ],
  ])('have %s', (_name, roles, problem) => {
    expect(problemsOf({ roles })).toEqual([expect.stringMatching(problem)]);
  });

  it('may have a name like their slug', () => {
    expect(problemsOf({ roles: { default: 'a', list: [{ slug: 'a', name: 'A' }] } })).toEqual([]);
  });
});
