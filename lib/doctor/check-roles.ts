import { refusalOf } from '../../functions/users/roles.ts';
import type { Finding, Patient } from './finding.ts';

/** Which role a new user gets when nobody names one. */
export function checkRoles({ deployment: { config } }: Patient): Finding[] {
  const { roles } = config;
  if (refusalOf(roles, roles.default) === undefined) {
    const message = `new users are ${roles.default}, one of ${roles.list.length} roles`;
    return [{ check: 'roles', status: 'ok', message }];
  }
  const fix = 'Register it in roles.list of usher.config.ts, without privileged, and deploy.';
  return [
    { check: 'roles', status: 'fail', message: `the default role ${roles.default} cannot be given`, fix },
  ];
}
