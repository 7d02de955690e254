import { describe, expect, it } from '@jest/globals';
import {
  decideRole,
  decideRoles,
  type GivenRole,
  type Roles,
  refusalOf,
} from '../../../functions/users/roles.ts';

const roles: Roles = {
  default: 'subscriber',
  list: [
    { slug: 'subscriber', name: 'Subscriber', privileged: false },
    { slug: 'customer', name: 'Paying Customer', privileged: false },
    { slug: 'administrator', name: 'Administrator', privileged: true },
    { slug: 'owner', name: 'Owner', privileged: true },
  ],
};

const [earlier, noon, later] = ['11:59:59.999', '12:00:00.000', '12:00:00.001'].map(
  (time) => `2026-03-01T${time}Z`,
) as [string, string, string];

it.each<[current: string | undefined, given: string | undefined, role: string, warning: string]>([
  // A new user.
  [undefined, undefined, 'subscriber', 'no warning'],
  [undefined, 'customer', 'customer', 'no warning'],
  [undefined, ' CUSTOMER ', 'customer', 'no warning'],
  [undefined, 'paying customer', 'customer', 'no warning'],
  [undefined, 'Paying Customer', 'customer', 'no warning'],
  [undefined, 'editor', 'subscriber', 'role_unknown'],
  [undefined, '', 'subscriber', 'role_unknown'],
  [undefined, '__proto__', 'subscriber', 'role_unknown'],
  [undefined, 'administrator', 'subscriber', 'role_privileged'],
  [undefined, 'Owner', 'subscriber', 'role_privileged'],
  // One who is there.
  ['customer', undefined, 'customer', 'no warning'],
  ['subscriber', 'customer', 'customer', 'no warning'],
  ['customer', 'customer', 'customer', 'no warning'],
  ['customer', 'editor', 'customer', 'role_unknown'],
  ['customer', 'administrator', 'customer', 'role_privileged'],
  // A role that was taken out of the configuration meanwhile.
  ['retired', undefined, 'retired', 'no warning'],
  ['retired', 'customer', 'customer', 'no warning'],
  // An administrator.
  ['administrator', undefined, 'administrator', 'no warning'],
  ['administrator', 'Administrator', 'administrator', 'no warning'],
  ['administrator', 'subscriber', 'administrator', 'role_privileged'],
  ['administrator', 'owner', 'administrator', 'role_privileged'],
  ['administrator', 'editor', 'administrator', 'role_privileged'],
])('%s, given %j → %s, %s', (current = roles.default, given, role, warning) => {
  const asked: GivenRole[] = given === undefined ? [] : [{ role: given, at: noon, by: 'webhook' }];
  const isGiven = given !== undefined && warning === 'no warning' && role !== 'administrator';
  const decision = { role, roleAt: isGiven ? noon : undefined };
  expect(decideRoles(roles, { role: current }, asked)).toEqual(
    warning === 'no warning' ? decision : { ...decision, warning },
  );
});

describe('the time of a role', () => {
  const current = { role: 'customer', roleAt: noon };
  const subscriber = (at: string, by: GivenRole['by']) => ({ role: 'subscriber', at, by });

  it.each<[string, GivenRole, object]>([
    ['a newer one is taken', subscriber(later, 'webhook'), { role: 'subscriber', roleAt: later }],
    ['one of the same time too', subscriber(noon, 'webhook'), { role: 'subscriber', roleAt: noon }],
    ['an older one is not', subscriber(earlier, 'webhook'), { ...current, warning: 'role_outdated' }],
    [
      'an older one that is the same is none to warn of',
      { ...subscriber(earlier, 'webhook'), role: 'Paying Customer' },
      current,
    ],
    [
      'a newer one that is the same counts from then',
      { ...subscriber(later, 'webhook'), role: 'customer' },
      { role: 'customer', roleAt: later },
    ],
    [
      'one of the CRM is always newer, whatever the clock says',
      subscriber(earlier, 'crm'),
      { role: 'subscriber', roleAt: noon },
    ],
    ['one of the CRM takes its time along', subscriber(later, 'crm'), { role: 'subscriber', roleAt: later }],
    [
      'a kept one has been applied at its own time',
      subscriber(noon, 'kept'),
      { ...current, warning: 'role_outdated' },
    ],
    [
      'an unregistered one stores none',
      { ...subscriber(later, 'webhook'), role: 'boss' },
      { ...current, warning: 'role_unknown' },
    ],
    [
      'nor does a privileged one',
      { ...subscriber(later, 'webhook'), role: 'owner' },
      { ...current, warning: 'role_privileged' },
    ],
  ])('%s', (_name, given, decision) => {
    expect(decideRole(roles, current, given)).toEqual(decision);
  });

  it('of several is that of the newest, and only what is asked for now is warned of', () => {
    const now: GivenRole = { role: 'customer', at: noon, by: 'webhook' };
    const decide = (...given: GivenRole[]) => decideRoles(roles, { role: 'subscriber' }, given);
    expect(decide(subscriber(later, 'kept'), now)).toEqual({
      role: 'subscriber',
      roleAt: later,
      warning: 'role_outdated',
    });
    expect(decide(subscriber(earlier, 'kept'), now)).toEqual({ role: 'customer', roleAt: noon });
    expect(decide({ ...now, by: 'kept' }, subscriber(earlier, 'kept'))).toEqual({
      role: 'customer',
      roleAt: noon,
    });
  });
});

it.each([
  ['subscriber', undefined],
  ['paying customer', undefined],
  ['Owner', 'role_privileged'],
  ['boss', 'role_unknown'],
])('a webhook that gives %s is refused: %s', (role, refusal) => {
  expect(refusalOf(roles, role)).toBe(refusal);
});
