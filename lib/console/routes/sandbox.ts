import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { actionNames } from '../../../functions/actions/actions.ts';
import type { Deployment } from '../../commands/support/deployment.ts';
import { postWebhook } from '../../commands/support/post-webhook.ts';
import { connectionOf, newestKey } from '../../commands/support/stored-secret.ts';
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

/** What of a sandbox's control the page uses. */
const controlled = /^(people(\/[^/]+)?|faults|limits|webhooks|requests|reset)$/;

function controlOf({ local }: Deployment, name: string): string {
  const control = local?.sandboxes[name];
  if (control !== undefined) return control;
  throw new ConsoleProblem(`"${name}" has no sandbox: only connections of the local stack have one.`);
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
  const answer = await fetch(`${controlOf(deployment, name)}/${path}`, { method, ...body });
  const text = await answer.text();
  const headers = { 'content-type': 'application/json' };
  return new Response(text === '' ? '{}' : text, {
    status: answer.status === 204 ? 200 : answer.status,
    headers,
  });
}

/** Calls the webhook for a person as the CRM's automation would. */
async function fire(deployment: Deployment, name: string, body: z.output<typeof fireBody>, now: Date) {
  const { person: id, role, ...wish } = body;
  const found = await fetch(`${controlOf(deployment, name)}/people/${encodeURIComponent(id)}`);
  if (!found.ok) throw new ConsoleProblem(`There is no person ${id} in the sandbox.`);
  const person = (await found.json()) as Person;
  const to = {
    crm: connectionOf(deployment, name).crm,
    url: new URL(deployment.webhook),
    key: await newestKey(deployment, name),
  };
  const { status, isOk, answer } = await postWebhook(to, { ...wish, ...(role ? { role } : {}) }, person, now);
  return { status, isOk, answer };
}

/** The CRMs that the local stack plays. */
export function addSandboxRoutes(app: Hono<Env>, { current, now }: Parts): void {
  app.post('/api/sandbox/:name/fire', async (context) => {
    const body = await readBody(context, fireBody);
    return context.json(await current.use((one) => fire(one, context.req.param('name'), body, now())));
  });
  app.all('/api/sandbox/:name/control/*', (context) => {
    const name = context.req.param('name');
    const [, path = ''] = context.req.path.split('/control/');
    return current.use((one) => passOn(one, context, name, path));
  });
}
