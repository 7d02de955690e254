import { isShort } from '../mail/email-address.ts';
import { findByEmail, findById } from '../users/find.ts';
import { type TagPlace, tagPage } from '../users/list.ts';
import type { User } from '../users/user.ts';
import { taggedAnswer } from './json.ts';
import { SiteError } from './site-error.ts';
import type { SiteAnswer, SiteRequest } from './site-request.ts';
import { siteUser } from './site-user.ts';

/** Users on a page of the list by tag. */
export const pageSize = 50;

const wrong = (parameter: string) => new SiteError('invalid_parameter', { values: { parameter } });

const cursorOf = ({ spelling, after = '' }: TagPlace) =>
  Buffer.from(`${spelling} ${after}`).toString('base64url');

/** @throws SiteError `invalid_parameter` for what is no cursor of ours */
function placeOf(cursor: string | null): TagPlace {
  if (cursor === null) return { spelling: 0 };
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, spelling, after] = /^([0-2]) ([0-9a-f-]{36})?$/.exec(text) ?? [];
  if (spelling === undefined) throw wrong('cursor');
  return { spelling: Number(spelling), after };
}

/** No address and no id is longer; a tag has as much room as its key. */
const longest = { id: 256, tag: 1024 } as const;

async function byTag(request: SiteRequest, tag: string): Promise<SiteAnswer> {
  if (tag.trim() === '' || tag.length > longest.tag) throw wrong('tag');
  const place = placeOf(request.query.get('cursor'));
  const { users, next } = await tagPage(request.users, tag.trim(), place, pageSize);
  return taggedAnswer({ users: users.map(siteUser), ...(next ? { cursor: cursorOf(next) } : {}) }, request);
}

async function byEmail(request: SiteRequest, email: string): Promise<SiteAnswer> {
  if (email.trim() === '' || !isShort(email)) throw wrong('email');
  const user: User | undefined = await findByEmail(request.users, email.trim());
  return taggedAnswer({ users: user ? [siteUser(user)] : [] }, request);
}

/** `?email=` or `?tag=`: users by their address, or page by page by a tag. */
export function listUsers(request: SiteRequest): Promise<SiteAnswer> {
  const [email, tag] = [request.query.get('email'), request.query.get('tag')];
  if (tag !== null && email === null) return byTag(request, tag);
  if (email !== null && tag === null) return byEmail(request, email);
  throw wrong('email or tag');
}

/** One user by id. */
export async function showUser(request: SiteRequest, id: string): Promise<SiteAnswer> {
  const user = id.length > longest.id ? undefined : await findById(request.users, id);
  if (!user) throw new SiteError('user_not_found');
  request.line.userId = user.id;
  return taggedAnswer({ user: siteUser(user) }, request);
}
