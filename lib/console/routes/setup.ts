import type { Hono } from 'hono';
import * as z from 'zod';
import { connectorOf } from '../../../functions/crm/registry.ts';
import { askCrm } from '../../commands/support/crm-account.ts';
import type { Deployment } from '../../commands/support/deployment.ts';
import { postWebhook } from '../../commands/support/post-webhook.ts';
import { connectionOf, newestKey, readSecret } from '../../commands/support/stored-secret.ts';
import { expectGivenRole, keyPlaceholder, urlsOf } from '../../commands/support/webhook-urls.ts';
import { checkCredentials } from '../../doctor/check-credentials.ts';
import { examine } from '../../doctor/examine.ts';
import type { Finding } from '../../doctor/finding.ts';
import { findings } from '../../doctor/findings.ts';
import type { Env } from '../guard.ts';
import type { Parts } from '../parts.ts';
import { readBody } from '../read-body.ts';

const testBody = z.strictObject({ contact: z.string() });

/** The CRM's fields beside those that the configuration maps. */
async function fieldsOf(deployment: Deployment, name: string) {
  const { crm, fields, returnPassword } = connectionOf(deployment, name);
  const { credentials } = await readSecret(deployment, name);
  const known = await askCrm(deployment, name, credentials, (client) => client.fieldNames());
  const mapped = Object.entries(fields).map(([key, { field, type }]) => ({
    key,
    field,
    type,
    isThere: known.has(field),
  }));
  const taken = new Set([...mapped.map(({ field }) => field), returnPassword?.field]);
  return {
    title: connectorOf(crm).title,
    mapped,
    others: [...known].filter((field) => !taken.has(field)).sort(),
  };
}

async function examination(deployment: Deployment, now: () => Date): Promise<Finding[]> {
  const { stage, title } = deployment;
  const found = stage === undefined ? [] : await examine({ check: 'credentials' }, title, checkCredentials);
  for await (const finding of findings({ deployment, now })) found.push(finding);
  return found;
}

async function test(deployment: Deployment, name: string, body: z.output<typeof testBody>, now: Date) {
  const { crm } = connectionOf(deployment, name);
  const to = { crm, url: new URL(deployment.webhook), key: await newestKey(deployment, name) };
  const { status, answer } = await postWebhook(to, { action: 'test' }, { id: body.contact }, now);
  return { status, answer };
}

/** What is pasted into a CRM, and whether all is well. */
export function addSetupRoutes(app: Hono<Env>, { current, now }: Parts): void {
  app.get('/api/setup/:name', async (context) => {
    const { role, notify, async, keyIn } = context.req.query();
    const wish = {
      ...(role ? { role } : {}),
      notify: notify === 'true',
      async: async === 'true',
      keyIn: keyIn === 'header' ? 'header' : 'query',
    } as const;
    const urls = await current.use((deployment) => {
      expectGivenRole(deployment, wish.role);
      return urlsOf(deployment, context.req.param('name'), wish);
    });
    return context.json({ ...urls, placeholder: keyPlaceholder });
  });
  app.post('/api/ask/setup/:name/key', async (context) =>
    context.json({ key: await current.use((one) => newestKey(one, context.req.param('name'))) }),
  );
  app.post('/api/ask/setup/:name/test', async (context) => {
    const body = await readBody(context, testBody);
    return context.json(await current.use((one) => test(one, context.req.param('name'), body, now())));
  });
  app.get('/api/setup/:name/fields', async (context) =>
    context.json(await current.use((one) => fieldsOf(one, context.req.param('name')))),
  );
  app.get('/api/doctor', async (context) =>
    context.json({ findings: await current.use((one) => examination(one, now)) }),
  );
}
