import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { uniqueSpelling } from '../mail/email-address.ts';
import { expectToFit } from './item-size.ts';
import { contactKey, emailKey, type Key, loginKey, userKey } from './items.ts';
import { type Looks, noLookSince } from './looks.ts';
import { updateExpression } from './update-expression.ts';
import type { User } from './user.ts';
import { changedUser, forgetsMailState, isMove, isOtherMailbox, type UserChange } from './user-change.ts';
import { orConflict, type UserTable } from './user-table.ts';
import {
  asRead,
  asReadWithoutMail,
  asReadWithPassword,
  claim,
  deleteTag,
  ifFreeOrHeldBy,
  putTag,
  release,
  type Write,
} from './writes.ts';

/** Fits with the user, two claims each of address and username, two contact links and a look at looks into DynamoDB's 100 items. */
const tagsAtOnce = 90;

function conditionOf(user: User, { deletes, welcomeAsked }: UserChange, now: string) {
  if (deletes) return asReadWithPassword(user);
  return welcomeAsked === undefined ? asRead(user) : asReadWithoutMail(user, now);
}

/** The write of the user's own item, on condition that it is as it was read. */
export function userUpdate(table: UserTable, user: User, after: User, change: UserChange) {
  const update = updateExpression();
  const condition = conditionOf(user, change, table.now().toISOString());
  update.set(['version'], after.version);
  update.set(['updated'], after.updated);
  if (change.email !== undefined) update.set(['email'], after.email);
  if (after.importedVersion !== user.importedVersion) update.set(['importedVersion'], after.importedVersion);
  // The mailbox of the address before, perhaps a stranger's by mistake, has the link and may have set the password.
  if (isOtherMailbox(user, change)) {
    for (const name of ['setPassword', 'passwordHash']) update.remove([name]);
    update.set(['passwordSetAt'], after.updated);
  }
  if (forgetsMailState(user, change)) update.remove(['mail']);
  if (change.login !== undefined) update.set(['login'], change.login);
  if (change.moved) update.set(['moved'], change.moved);
  if (change.pulled) update.set(['pulled'], change.pulled);
  if (change.role !== undefined) update.set(['role'], after.role);
  if (change.roleAt !== undefined) update.set(['roleAt'], change.roleAt);
  if (change.welcomeAsked !== undefined) update.set(['welcomeAsked'], change.welcomeAsked);
  // One by one: jobs take effects off without counting a version.
  for (const [name, pending] of Object.entries(change.effects ?? {})) {
    if (pending) update.set(['effects', name], pending);
    else update.remove(['effects', name]);
  }
  // Whole: an expression holds 4 KB, which a few hundred single fields would exceed.
  if (change.fields) update.set(['fields'], after.fields);
  if (change.contact) update.set(['contacts', change.contact.connection], change.contact.contactId);
  if (change.unlinked !== undefined) update.remove(['contacts', change.unlinked]);
  if (change.tags && after.tags.length > 0) update.set(['tags'], new Set(after.tags));
  if (change.tags && after.tags.length === 0) update.remove(['tags']);
  return { TableName: table.name, Key: userKey(user.id), ...update.build(condition) };
}

/** The writes besides the user's own: claims that move and the tag index. */
function indexWrites(table: UserTable, user: User, change: UserChange, now: string): Write[] {
  const own = ifFreeOrHeldBy(user.id);
  const take = (key: Key) => claim(table, key, user.id, own);
  const giveUp = (key: Key) => release(table, key, own);
  const writes: Write[] = [];
  if (isMove(user, change)) {
    writes.push(take(emailKey(change.email)), giveUp(emailKey(user.email)));
  }
  if (change.login !== undefined && uniqueSpelling(change.login) !== uniqueSpelling(user.login)) {
    writes.push(take(loginKey(change.login)), giveUp(loginKey(user.login)));
  }
  if (change.contact) {
    const { connection, contactId } = change.contact;
    const previous = user.contacts[connection];
    writes.push(take(contactKey(connection, contactId)));
    if (previous !== undefined && previous !== contactId)
      writes.push(giveUp(contactKey(connection, previous)));
  }
  const unlinked = change.unlinked === undefined ? undefined : user.contacts[change.unlinked];
  if (change.unlinked !== undefined && unlinked !== undefined)
    writes.push(giveUp(contactKey(change.unlinked, unlinked)));
  for (const tag of change.tags?.added ?? []) writes.push(putTag(table, tag, user.id, now));
  for (const tag of change.tags?.removed ?? []) writes.push(deleteTag(table, tag, user.id));
  return writes;
}

/**
 * Cuts a change with many tags into steps that each fit a transaction. All else goes with the last tags that are removed, so
 * that no step leaves a user larger than before and after.
 */
function steps({ tags, ...rest }: UserChange): UserChange[] {
  if (!tags || tags.added.length + tags.removed.length === 0) return [rest];
  const withRest = tagsAtOnce * Math.max(Math.ceil(tags.removed.length / tagsAtOnce) - 1, 0);
  const moves = [
    ...tags.removed.map((tag) => ({ tag, isAdded: false })),
    ...tags.added.map((tag) => ({ tag, isAdded: true })),
  ];
  const { byImport, deletes } = rest;
  const byWhom = { ...(byImport !== undefined && { byImport }), ...(deletes && { deletes }) };
  const chunks: UserChange[] = [];
  for (let start = 0; start < moves.length; start += tagsAtOnce) {
    const chunk = moves.slice(start, start + tagsAtOnce);
    const added = chunk.filter(({ isAdded }) => isAdded).map(({ tag }) => tag);
    const removed = chunk.filter(({ isAdded }) => !isAdded).map(({ tag }) => tag);
    chunks.push({ ...byWhom, ...(start === withRest ? rest : {}), tags: { added, removed } });
  }
  return chunks;
}

/** How many writes a change takes; each makes a version. */
export const writesOf = (change: UserChange): number => steps(change).length;

/**
 * Writes a change to a user as it was read. One `UpdateItem` when nothing but the user changes, else a transaction
 * with its claims and tag index; more than 90 tags take several, each leaving user and index in agreement.
 *
 * @param looks at an address that the user gets, as they were seen before
 * @throws WriteConflict when the user was written or looked at since it was read, or a claim belongs to somebody else
 * @throws UsherError `contact_too_large`
 */
export async function updateUser(
  table: UserTable,
  user: User,
  change: UserChange,
  looks?: Looks,
): Promise<User> {
  const now = table.now().toISOString();
  // Once and for all of it, not to leave a part behind: no step is larger than both what was and what will be.
  expectToFit(changedUser(user, change, now));
  let current = user;
  for (const step of steps(change)) {
    const after = changedUser(current, step, now);
    const update = userUpdate(table, current, after, step);
    const others = indexWrites(table, current, step, now);
    if (looks && isMove(current, step)) others.push(noLookSince(table, looks));
    const write =
      others.length === 0
        ? table.documents.send(new UpdateCommand(update))
        : table.documents.send(new TransactWriteCommand({ TransactItems: [...others, { Update: update }] }));
    await orConflict<unknown>(write);
    current = after;
  }
  return current;
}
