import type { Hono } from 'hono';
import * as z from 'zod';
import { findById, findByLogin } from '../../../functions/users/find.ts';
import { type TagPlace, tagPage } from '../../../functions/users/list.ts';
import type { User } from '../../../functions/users/user.ts';
import type { Deployment } from '../../commands/support/deployment.ts';
import { findUser, spelledContact } from '../../commands/support/find-user.ts';
import { keptOfUser } from '../../commands/support/kept-of-user.ts';
import { postWebhook } from '../../commands/support/post-webhook.ts';
import { removeUser } from '../../commands/support/remove-user.ts';
import { shownUser } from '../../commands/support/shown-user.ts';
import { connectionOf, newestKey } from '../../commands/support/stored-secret.ts';
import { ConsoleProblem } from '../current-deployment.ts';
import type { Env } from '../guard.ts';
import type { Parts } from '../parts.ts';
import { readBody } from '../read-body.ts';

const findBody = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('id'), text: z.string() }),
  z.strictObject({ by: z.literal('email'), text: z.string() }),
  z.strictObject({ by: z.literal('login'), text: z.string() }),
  z.strictObject({ by: z.literal('contact'), text: z.string(), connection: z.string() }),
]);
const place = z.strictObject({ spelling: z.int(), after: z.string().optional() });
const tagBody = z.strictObject({ tag: z.string().min(1), place: place.optional() });
const previewBody = z.strictObject({ connection: z.string() });
const eraseBody = z.strictObject({ email: z.string() });

/** As many users of a tag as a page shows at once. */
const pageSize = 25;

async function byLogin({ users }: Deployment, login: string): Promise<User> {
  const user = await findByLogin(users, login);
  if (user) return user;
  throw new ConsoleProblem('There is no such user.');
}

function found(deployment: Deployment, { by, text, ...rest }: z.output<typeof findBody>): Promise<User> {
  if (by === 'login') return byLogin(deployment, text);
  if (by !== 'contact') return findUser(deployment, { port: 0, [by]: text });
  const connection = 'connection' in rest ? rest.connection : '';
  return findUser(deployment, { port: 0, contact: spelledContact(deployment, connection, text), connection });
}

/** The next users of a tag. A page that has nobody, as where another spelling begins, is skipped. */
async function someWithTag({ users }: Deployment, tag: string, from: TagPlace) {
  let page = await tagPage(users, tag, from, pageSize);
  while (page.users.length === 0 && page.next) page = await tagPage(users, tag, page.next, pageSize);
  return page;
}

async function known({ users }: Deployment, id: string): Promise<User> {
  const user = await findById(users, id);
  if (user) return user;
  throw new ConsoleProblem('There is no such user any more.');
}

/** What `test` says that `add` would write for a user's contact. */
async function preview(deployment: Deployment, id: string, connection: string, now: Date): Promise<string> {
  const contactId = (await known(deployment, id)).contacts[connection];
  if (contactId === undefined) throw new ConsoleProblem(`The user has no contact of ${connection}.`);
  const { crm } = connectionOf(deployment, connection);
  const key = await newestKey(deployment, connection);
  const to = { crm, url: new URL(deployment.webhook), key };
  return (await postWebhook(to, { action: 'test' }, { id: contactId }, now)).answer;
}

/** Users, one by one and by their tags. What is looked for is in no address: it may be somebody's. */
export function addUserRoutes(app: Hono<Env>, { current, now }: Parts): void {
  app.post('/api/ask/user', async (context) => {
    const body = await readBody(context, findBody);
    return context.json({ user: shownUser(await current.use((one) => found(one, body))) });
  });
  app.post('/api/ask/tag', async (context) => {
    const { tag, place: from } = await readBody(context, tagBody);
    const page = await current.use((one) => someWithTag(one, tag, from ?? { spelling: 0 }));
    return context.json({ users: page.users.map(shownUser), next: page.next });
  });
  app.get('/api/users/:id/export', async (context) => {
    const kept = await current.use(async (one) =>
      keptOfUser(one, await known(one, context.req.param('id')), now()),
    );
    return context.json(kept);
  });
  app.post('/api/ask/users/:id/preview', async (context) => {
    const { connection } = await readBody(context, previewBody);
    const id = context.req.param('id');
    return context.json({ answer: await current.use((one) => preview(one, id, connection, now())) });
  });
  app.delete('/api/users/:id', async (context) => {
    const { email } = await readBody(context, eraseBody);
    let items = 0;
    await current.use(async (deployment) => {
      const user = await known(deployment, context.req.param('id'));
      if (user.email !== email.trim()) throw new ConsoleProblem('That is not the address of this user.');
      await removeUser(deployment.users, user, (count) => {
        items = count;
      });
    });
    return context.json({ items });
  });
}
