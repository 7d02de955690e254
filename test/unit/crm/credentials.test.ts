import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectorOf } from '../../../functions/crm/registry.ts';
import { type CrmServer, startCrmServer } from './crm-server.ts';

let crm: CrmServer;
beforeAll(async () => {
  crm = await startCrmServer();
});
afterAll(() => crm.stop());

const encharge = connectorOf('encharge');
const secrets = { apiToken: 'API key', trackKey: 'tracking key', webhookSecret: 'signing secret' };
const client = (known: { apiToken: string; trackKey?: string }) =>
  crm.client({ ...encharge, secrets }, { credentials: () => Promise.resolve(known) });

it('no call is made while one of the secrets is missing, but for what signs webhooks', async () => {
  crm.answer({ body: { users: [{ id: 'c1', email: 'ada@example.com' }] } });
  for (const known of [{ apiToken: 'x' }, { apiToken: '', trackKey: 'y' }]) {
    await expect(client(known).load('c1')).rejects.toMatchObject({
      code: 'crm_credentials_rejected',
      isMissing: true,
      message: 'No usable API token is stored for this connection.',
    });
  }
  expect(crm.received).toEqual([]);
  expect(await client({ apiToken: 'x', trackKey: 'y' }).load('c1')).toMatchObject({ id: 'c1' });
});

it('a refusal is told apart from a token that is missing', async () => {
  crm.answer({ status: 401, body: {} });
  await expect(client({ apiToken: 'x', trackKey: 'y' }).load('c1')).rejects.toMatchObject({
    code: 'crm_credentials_rejected',
    isMissing: false,
    message: 'The CRM rejects the stored API token.',
  });
});
