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

/** A role as a user has it. */
export interface HeldRole {
  role: string;
  /** When the webhook came in, or the CRM was asked, that gave it; undefined for a role that nobody has given. ISO 8601. */
  roleAt?: string | undefined;
}

/** A role that a webhook wanted for somebody who was no user yet: by slug or display name, and when it came in. */
export interface KeptRole {
  role: string;
  at: string;
}

/** A role that is asked for: by a webhook, by the CRM, or kept from a webhook before there was a user. */
export interface GivenRole extends KeptRole {
  by: 'webhook' | 'crm' | 'kept';
}

/** The role a user gets, and why it is not the one that was asked for. */
export interface RoleDecision extends HeldRole {
  warning?: 'role_unknown' | 'role_privileged' | 'role_outdated';
}

function find(roles: Roles, name: string): Role | undefined {
  const wanted = name.trim().toLowerCase();
  return roles.list.find((role) => role.slug === wanted || role.name.toLowerCase() === wanted);
}

/** The slug of a role that was asked for by slug or display name; undefined where there is none such. */
export const slugOf = (roles: Roles, name: string): string | undefined => find(roles, name)?.slug;

/** Why no webhook gives this role; undefined when it may. */
export function refusalOf(roles: Roles, name: string): 'role_unknown' | 'role_privileged' | undefined {
  const role = find(roles, name);
  if (!role) return 'role_unknown';
  return role.privileged ? 'role_privileged' : undefined;
}

/** Whether a role is one that no webhook gives or takes: its users are administered by hand. */
export function isPrivileged({ list }: Roles, role: string): boolean {
  return list.some(({ slug, privileged }) => slug === role && privileged);
}

function isOutdated({ roleAt }: HeldRole, { at, by }: GivenRole): boolean {
  // The user was read before the CRM was asked: an earlier time is the fault of another machine's clock.
  if (roleAt === undefined || by === 'crm') return false;
  return by === 'kept' ? at <= roleAt : at < roleAt;
}

/**
 * Which role a webhook leaves a user with, and since when.
 *
 * @param current what the user has; a new one has the default role
 */
export function decideRole(roles: Roles, current: HeldRole, given: GivenRole): RoleDecision {
  const { role, roleAt } = current;
  const stays = { role, roleAt };
  const wanted = find(roles, given.role);
  // A webhook's URL is in many hands: it neither makes nor unmakes an administrator.
  if (isPrivileged(roles, role))
    return wanted?.slug === role ? stays : { ...stays, warning: 'role_privileged' };
  const refusal = refusalOf(roles, given.role);
  if (!wanted || refusal) return { ...stays, warning: refusal ?? 'role_unknown' };
  if (isOutdated(current, given))
    return wanted.slug === role ? stays : { ...stays, warning: 'role_outdated' };
  return { role: wanted.slug, roleAt: roleAt !== undefined && roleAt > given.at ? roleAt : given.at };
}

/** As `decideRole`, for several, one after the other. Only what is asked for now is warned of. */
export function decideRoles(roles: Roles, current: HeldRole, given: readonly GivenRole[]): RoleDecision {
  let decision: RoleDecision = { role: current.role, roleAt: current.roleAt };
  for (const one of given) {
    const { warning, ...held } = decideRole(roles, decision, one);
    decision = warning && one.by !== 'kept' ? { ...held, warning } : held;
  }
  return decision;
}
