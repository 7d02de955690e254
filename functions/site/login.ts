import * as z from 'zod/mini';
import { describeError } from '../errors.ts';
import { findByLogin } from '../users/find.ts';
import { isOfToday, verifyLogin } from '../users/password.ts';
import { renewHash } from '../users/renew-hash.ts';
import { countTry } from '../users/tries.ts';
import type { UserTable } from '../users/user-table.ts';
import { jsonAnswer, jsonOf } from './json.ts';
import { loginLimits, triesOfLogin } from './login-limits.ts';
import { networkOf } from './network.ts';
import { SiteError } from './site-error.ts';
import type { SiteAnswer, SiteRequest } from './site-request.ts';
import { siteUser } from './site-user.ts';

/** What a site's server sends of somebody who wants in. */
export const loginBody = z.object({
  login: z.string().check(z.minLength(1), z.describe('An e-mail address or a username, as it was typed')),
  password: z.string(),
  ip: z
    .union([z.ipv4(), z.ipv6()])
    .check(
      z.describe(
        'The address that the person comes from, and not that of the server: tries are counted by it',
      ),
    ),
});

async function check(users: UserTable, typed: string, password: string) {
  const user = await findByLogin(users, typed);
  return { user, isRight: await verifyLogin(password, user?.passwordHash) };
}

/**
 * Says who somebody is by login and password. Whatever is wrong is answered the same, and takes as long: a try is counted before
 * anything is hashed, and a success gives it back.
 */
export async function login(request: SiteRequest): Promise<SiteAnswer> {
  const { users, services, line } = request;
  const { login: typed, password, ip } = jsonOf(request, loginBody);
  const counted = await countTry(users, loginLimits(triesOfLogin(typed), networkOf(ip, 'address')));
  if ('waitMs' in counted) {
    throw new SiteError('too_many_tries', { retryAfterSeconds: Math.ceil(counted.waitMs / 1000) });
  }
  const { user, isRight } = await check(users, typed, password).catch(async (error: unknown) => {
    // Nothing was learned about the password. That the table does not answer must not lock people out afterwards.
    await counted.giveBack().catch(() => undefined);
    throw error;
  });
  const hash = user?.passwordHash;
  if (!user || hash === undefined || !isRight) throw new SiteError('invalid_login');
  const tidy = async () => {
    await counted.giveBack();
    if (!isOfToday(hash, password))
      await renewHash(users, services.random, { userId: user.id, password, hash });
  };
  // Who it is is known, whatever becomes of this.
  await tidy().catch((cause: unknown) =>
    services.log.problem('login not tidied up', { error: describeError(cause) }),
  );
  line.userId = user.id;
  return jsonAnswer({ user: siteUser(user) });
}
