import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { actionNames } from '../../../functions/actions/actions.ts';
import type { Deployment } from '../../commands/support/deployment.ts';
import { postWebhook } from '../../commands/support/post-webhook.ts';
import { connectionOf, newestKey } from '../../commands/support/stored-secret.ts';
import { isSecretField } from '../../dev/masked.ts';
import type { Person } from '../../sandbox/person.ts';
import { ConsoleProblem } from '../current-deployment.ts';
import type { Env } from '../guard.ts';
import type { Parts } from '../parts.ts';
import { readBody } from '../read-body.ts';

const fireBody = z.strictObject({
  person: z.string(),
  action: z.enum(actionNames),
  role: z.string().optional(),
  notify: z.boolean(),
  async: z.boolean(),
});

const fieldBody = z.strictObject({ person: z.string(), field: z.string() });
const personAnswer = z.looseObject({ id: z.string(), fields: z.record(z.string(), z.unknown()) });
const peopleAnswer = z.object({ people: z.array(personAnswer) });

/** What of a sandbox's control the page uses. */
const controlled = /^(people(\/[^/]+)?|faults|limits)$/;

function controlOf({ local }: Deployment, name: string): string {
  const control = local?.sandboxes[name];
  if (control !== undefined) return control;
  throw new ConsoleProblem(`"${name}" has no sandbox: only connections of the local stack have one.`);
}

/** Asks a sandbox. @throws ConsoleProblem when it does not answer */
async function askSandbox(deployment: Deployment, name: string, path: string, init: RequestInit = {}) {
  const url = `${controlOf(deployment, name)}/${path}`;
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new ConsoleProblem(`The sandbox of ${name} does not answer.`, { cause: error });
  }
}

async function personOf(deployment: Deployment, name: string, id: string): Promise<Person> {
  const found = await askSandbox(deployment, name, `people/${encodeURIComponent(id)}`);
  if (found.ok) return (await found.json()) as Person;
  throw new ConsoleProblem(`There is no person ${id} in the sandbox.`);
}

/** A person without what the page shows only when it is asked to, such as a password that was returned. */
function withoutSecrets(person: z.output<typeof personAnswer>): object {
  const entries = Object.entries(person.fields);
  return {
    ...person,
    fields: Object.fromEntries(entries.filter(([field, value]) => !isSecretField(field, value))),
    secrets: entries.filter(([field, value]) => isSecretField(field, value)).map(([field]) => field),
  };
}

/** What a sandbox has answered, as the page may have it. */
function shownAnswer(text: string): unknown {
  const answer: unknown = JSON.parse(text === '' ? '{}' : text);
  const all = peopleAnswer.safeParse(answer);
  if (all.success) return { people: all.data.people.map(withoutSecrets) };
  const one = personAnswer.safeParse(answer);
  return one.success ? withoutSecrets(one.data) : answer;
}

/** Passes a request on to the sandbox, as `curl` would send it. */
async function passOn(
  deployment: Deployment,
  { req }: Context,
  name: string,
  path: string,
): Promise<Response> {
  if (!controlled.test(path)) throw new ConsoleProblem('There is no such thing in a sandbox.');
  const { method } = req;
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: await req.text() };
  const answer = await askSandbox(deployment, name, path, { method, ...body });
  const status = answer.status === 204 ? 200 : answer.status;
  return Response.json(shownAnswer(await answer.text()), { status });
}

/** Calls the webhook for a person as the CRM's automation would. */
async function fire(deployment: Deployment, name: string, body: z.output<typeof fireBody>, now: Date) {
  const { person: id, role, ...wish } = body;
  const person = await personOf(deployment, name, id);
  const to = {
    crm: connectionOf(deployment, name).crm,
    url: new URL(deployment.webhook),
    key: await newestKey(deployment, name),
  };
  const { status, answer } = await postWebhook(to, { ...wish, ...(role ? { role } : {}) }, person, now);
  return { status, answer };
}

/** The CRMs that the local stack plays. */
export function addSandboxRoutes(app: Hono<Env>, { current, now }: Parts): void {
  app.post('/api/sandbox/:name/fire', async (context) => {
    const body = await readBody(context, fireBody);
    return context.json(await current.use((one) => fire(one, context.req.param('name'), body, now())));
  });
  app.post('/api/ask/sandbox/:name/field', async (context) => {
    const { person: id, field } = await readBody(context, fieldBody);
    const name = context.req.param('name');
    const person = await current.use((one) => personOf(one, name, id));
    return context.json({ value: String(person.fields[field] ?? '') });
  });
  app.all('/api/sandbox/:name/control/*', (context) => {
    const name = context.req.param('name');
    const [, path = ''] = context.req.path.split('/control/');
    return current.use((one) => passOn(one, context, name, path));
  });
}
