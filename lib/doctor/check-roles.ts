import { decideRole } from '../../functions/users/roles.ts';
import type { Finding, Patient } from './finding.ts';

/** Which role a new user gets when nobody names one. */
export function checkRoles({ deployment: { config } }: Patient): Finding[] {
  const { roles } = config;
  const { role, warning } = decideRole(roles, undefined, roles.default);
  if (warning === undefined) {
    const message = `new users are ${role}, one of ${roles.list.length} roles`;
    return [{ check: 'roles', status: 'ok', message }];
  }
  const fix = 'Register it in roles.list of usher.config.ts, without privileged, and deploy.';
  return [
    { check: 'roles', status: 'fail', message: `the default role ${roles.default} cannot be given`, fix },
  ];
}
