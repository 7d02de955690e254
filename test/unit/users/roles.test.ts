import { expect, it } from '@jest/globals';
import { decideRole, type Roles } from '../../../functions/users/roles.ts';

const roles: Roles = {
  default: 'subscriber',
  list: [
    { slug: 'subscriber', name: 'Subscriber', privileged: false },
    { slug: 'customer', name: 'Paying Customer', privileged: false },
    { slug: 'administrator', name: 'Administrator', privileged: true },
    { slug: 'owner', name: 'Owner', privileged: true },
  ],
};

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
  ['customer', 'editor', 'subscriber', 'role_unknown'],
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
])('%s, given %j → %s, %s', (current, given, role, warning) => {
  expect(decideRole(roles, current, given)).toEqual(warning === 'no warning' ? { role } : { role, warning });
});
