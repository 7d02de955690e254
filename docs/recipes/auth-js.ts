// Auth.js 5 (Next.js). Save it as usher.ts; USHER_URL and USHER_SITE_KEY come from the environment. Then in auth.ts:
//
//   import NextAuth from 'next-auth';
//   import Credentials from 'next-auth/providers/credentials';
//   import { authorize, jwt, session } from './usher';
//   export const { handlers, auth, signIn, signOut } = NextAuth({
//     providers: [Credentials({ credentials: { login: {}, password: { type: 'password' } }, authorize })],
//     callbacks: { jwt, session },
//   });
//
//   declare module 'next-auth' {
//     interface User { tags: string[] }
//   }
//
// and on a page that is for a tag: if (!(await auth())?.user.tags.includes('customer')) redirect('/');

interface UsherUser {
  id: string;
  login: string;
  email: string;
  tags: string[];
  password_set_at?: string;
}

/** Asks Usher. Undefined is a no; an answer that decides nothing is thrown. */
async function askUsher(path: string, body?: object): Promise<UsherUser | undefined> {
  const response = await fetch(new URL(path, process.env['USHER_URL']), {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${process.env['USHER_SITE_KEY']}` },
    body: body ? JSON.stringify(body) : null,
    cache: 'no-store',
    signal: AbortSignal.timeout(5000),
  });
  const answer = (await response.json()) as { user?: UsherUser; error?: { code: string } };
  if (response.ok) return answer.user;
  const code = answer.error?.code ?? '';
  if (['invalid_login', 'user_not_found'].includes(code)) return undefined;
  // `too_many_tries` too. A class derived from CredentialsSignin with this as its `code` names it on the log-in page.
  throw new Error(code || `Usher answers ${response.status}`);
}

/** Your host has to set this header itself: what people send in it counts for nothing. */
const addressOf = (request: Request): string | undefined =>
  request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();

/** Who somebody is; null, if nobody. */
export async function authorize(given: Partial<Record<string, unknown>>, request: Request) {
  const { login, password } = given;
  if (typeof login !== 'string' || typeof password !== 'string' || login === '') return null;
  const user = await askUsher('v1/login', { login, password, ip: addressOf(request) });
  return user ? { ...user, name: user.login } : null;
}

interface Token extends Record<string, unknown> {
  sub?: string;
  tags?: string[];
  passwordSetAt?: string | undefined;
}

/** Runs at each look at a session: null ends it, for whoever is gone or has set another password since. */
export async function jwt({
  token,
  user,
}: {
  token: Token;
  user?: object | undefined;
}): Promise<Token | null> {
  if (user) {
    const { id, tags, password_set_at } = user as UsherUser;
    return { ...token, sub: id, tags, passwordSetAt: password_set_at };
  }
  const now = await askUsher(`v1/users/${token.sub}`);
  return now && now.password_set_at === token.passwordSetAt ? { ...token, tags: now.tags } : null;
}

/** What pages see of a session. */
export function session<Session extends { user: object }>({
  session: seen,
  token,
}: {
  session: Session;
  token: Token;
}) {
  return { ...seen, user: { ...seen.user, id: token.sub, tags: token.tags ?? [] } };
}
