/** A role as the configuration registers it. */
export interface Role {
  slug: string;
  name: string;
  privileged: boolean;
}

export interface Roles {
  default: string;
  list: readonly Role[];
}

/** The role a user gets, and why it is not the one that was asked for. */
export interface RoleDecision {
  role: string;
  warning?: 'role_unknown' | 'role_privileged';
}

function find(roles: Roles, name: string): Role | undefined {
  const wanted = name.trim().toLowerCase();
  return roles.list.find((role) => role.slug === wanted || role.name.toLowerCase() === wanted);
}

/**
 * Which role a webhook leaves a user with.
 *
 * @param current the user's role, undefined for a new user
 * @param given the role asked for, by slug or by display name; undefined when none was
 */
export function decideRole(
  roles: Roles,
  current: string | undefined,
  given: string | undefined,
): RoleDecision {
  if (given === undefined) return { role: current ?? roles.default };
  const wanted = find(roles, given);
  const isAdministered = current !== undefined && roles.list.some((r) => r.slug === current && r.privileged);
  // A webhook's URL is in many hands: it neither makes nor unmakes an administrator.
  if (isAdministered) {
    return wanted?.slug === current ? { role: current } : { role: current, warning: 'role_privileged' };
  }
  if (wanted?.privileged) return { role: current ?? roles.default, warning: 'role_privileged' };
  return wanted ? { role: wanted.slug } : { role: roles.default, warning: 'role_unknown' };
}
