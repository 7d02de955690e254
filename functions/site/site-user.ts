import type { User } from '../users/user.ts';

/** A user as the site API gives it: docs/openapi.json describes it. Never anything of a password but when it was set. */
export function siteUser({ id, login, email, role, tags, fields, created, updated, passwordSetAt }: User) {
  return {
    id,
    login,
    email,
    role,
    tags,
    fields,
    created,
    updated,
    ...(passwordSetAt === undefined ? {} : { password_set_at: passwordSetAt }),
  };
}
