import type { Hono } from 'hono';
import * as z from 'zod';
import { profileOf } from '../../../functions/actions/profile.ts';
import { welcomeMessage } from '../../../functions/effects/messages.ts';
import { UsherError } from '../../../functions/errors.ts';
import { secureRandom } from '../../../functions/random.ts';
import type { User } from '../../../functions/users/user.ts';
import { askCrm } from '../../commands/support/crm-account.ts';
import type { Deployment } from '../../commands/support/deployment.ts';
import { connectionOf, readSecret } from '../../commands/support/stored-secret.ts';
import { ConsoleProblem } from '../current-deployment.ts';
import type { Env } from '../guard.ts';
import type { Parts } from '../parts.ts';
import { readBody } from '../read-body.ts';
import { brokenTemplates } from '../template-place.ts';

const values = z.strictObject({
  email: z.string(),
  login: z.string(),
  first_name: z.string(),
  last_name: z.string(),
});
const templates = z.strictObject({ subject: z.string(), text: z.string(), html: z.string() });
const previewBody = z.strictObject({ values, templates });
const contactBody = z.strictObject({ connection: z.string(), contact: z.string().min(1) });
const storedMail = z.object({
  messageId: z.string(),
  at: z.number(),
  subject: z.string(),
  destination: z.object({ to: z.array(z.string()) }),
  body: z.object({ text: z.string().optional() }),
});

/** So many previews are kept for their frames. */
const mostFrames = 20;
const mostMails = 100;

/** Nothing runs and nothing is fetched, whatever a template or a contact holds. */
const framePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

/** Nobody has this key, and no user this id. */
const sampleLink = 'https://www.example.com/set-password?user=00000000&key=only-a-preview';

/** A key in a mail opens an account. */
const masked = (text: string) => text.replace(/\bkey=[\w-]+/g, 'key=••••••••');

function userWith({ email, login, first_name, last_name }: z.output<typeof values>): User {
  const display_name = [first_name, last_name].filter(Boolean).join(' ') || login;
  const none = { tags: [], contacts: {}, effects: {}, version: 1, created: '', updated: '' };
  const fields = { first_name, last_name, display_name };
  return { id: 'preview', email, login, role: '', fields, ...none };
}

function compose({ config }: Deployment, body: z.output<typeof previewBody>) {
  const own = { ...config, mail: { ...config.mail, templates: body.templates } };
  const { Message } = welcomeMessage(own, userWith(body.values), sampleLink);
  return {
    subject: Message?.Subject?.Data ?? '',
    text: Message?.Body?.Text?.Data ?? '',
    html: Message?.Body?.Html?.Data ?? '',
  };
}

/** What a template would be filled with for a contact, as the CRM has it now. */
async function valuesOf(deployment: Deployment, { connection, contact }: z.output<typeof contactBody>) {
  const { credentials } = await readSecret(deployment, connection);
  const loaded = await askCrm(deployment, connection, credentials, async (crm) => {
    try {
      return await crm.load(contact);
    } catch (error) {
      if (error instanceof UsherError && error.code === 'contact_not_found') return undefined;
      throw error;
    }
  });
  if (!loaded) throw new ConsoleProblem(`The CRM of ${connection} has no contact ${contact}.`);
  const {
    email = '',
    login = email,
    fields,
  } = profileOf(loaded, connectionOf(deployment, connection).fields);
  const text = (name: string) => String(fields[name] ?? '');
  return { email, login, first_name: text('first_name'), last_name: text('last_name') };
}

async function inbox({ local }: Deployment) {
  if (!local) throw new ConsoleProblem('Only the local stack has an inbox.');
  const answer = await fetch(new URL('store', local.inbox)).catch((error: unknown) => {
    throw new ConsoleProblem('The inbox does not answer.', { cause: error });
  });
  const mails = z.object({ emails: z.array(z.unknown()) }).parse(await answer.json()).emails;
  const parsed = mails.flatMap((mail) => storedMail.safeParse(mail).data ?? []);
  return parsed
    .slice(-mostMails)
    .reverse()
    .map(({ messageId, at, subject, destination, body }) => ({
      id: messageId,
      at: new Date(at * 1000).toISOString(),
      to: destination.to.join(', '),
      subject,
      text: masked(body.text ?? ''),
    }));
}

/** The welcome mail before anybody gets it, and what the local stack has sent. */
export function addMailRoutes(app: Hono<Env>, { current }: Parts): void {
  const frames = new Map<string, string>();
  app.get('/api/mail', async (context) =>
    context.json(await current.use(({ config }) => Promise.resolve({ templates: config.mail.templates }))),
  );
  app.post('/api/ask/mail/values', async (context) => {
    const body = await readBody(context, contactBody);
    return context.json({ values: await current.use((one) => valuesOf(one, body)) });
  });
  app.post('/api/ask/mail', async (context) => {
    const body = await readBody(context, previewBody);
    const broken = brokenTemplates(body.templates);
    if (broken.length > 0) return context.json({ broken });
    const mail = await current.use((one) => Promise.resolve(compose(one, body)));
    const id = secureRandom.uuid();
    frames.set(id, mail.html);
    for (const old of [...frames.keys()].slice(0, -mostFrames)) frames.delete(old);
    return context.json({ mail: { ...mail, frame: `/mail-frame/${id}` } });
  });
  app.get('/mail-frame/:id', (context) =>
    context.body(frames.get(context.req.param('id')) ?? '', 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': framePolicy,
    }),
  );
  app.get('/api/inbox', async (context) => context.json({ mails: await current.use(inbox) }));
}
