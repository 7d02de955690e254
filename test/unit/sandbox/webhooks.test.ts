import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuth } from '../../../lib/sandbox/basic-auth.ts';
import { descriptions } from '../../../lib/sandbox/descriptions.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { activecampaign } from './activecampaign.ts';
import { customerio } from './customerio.ts';
import { at, callerOf, callerWith, type ExchangeOptions, exchange, pluck } from './exchange.ts';

const ada = descriptions.encharge.idOf(1);
let sandbox: Sandbox;
let receiver: Server;
let url: string;
const received: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
/** What the receiver answers; undefined breaks the connection. */
let status: number | undefined;

beforeAll(async () => {
  sandbox = await startSandbox('encharge', { token: 'fake-token' });
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ url: request.url, headers: request.headers, body });
      if (status === undefined) request.socket.destroy();
      else response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/?wpf_action=update`;
});
afterEach(() => {
  received.length = 0;
  status = 200;
  sandbox.webhooks.clear();
  sandbox.people.reset();
  sandbox.faults.clear();
});
afterAll(async () => {
  await sandbox.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});
status = 200;

const control = (options?: ExchangeOptions) => exchange(`${sandbox.control}/webhooks`, options);

/** What became of the only webhook, when none is under way any more. */
async function settled(of = sandbox) {
  for (let looks = 0; looks < 500; looks += 1) {
    const [webhook] = of.webhooks.list();
    if (webhook?.underWay === 0) return webhook;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('A webhook is still under way.');
}

const changeCity = (...ids: string[]) =>
  callerOf(sandbox)('/people', {
    method: 'POST',
    body: (ids.length > 0 ? ids : [ada]).map((id) => ({ id, city: 'Paris' })),
  });

describe('the webhooks of a sandbox', () => {
  it('call what is registered for a person whom the API has changed, as that CRM does', async () => {
    expect((await control({ method: 'POST', body: { url } })).status).toBe(201);
    await changeCity();
    expect(await settled()).toEqual({
      url,
      limit: 1000,
      batch: 1,
      sent: 1,
      heldBack: 0,
      underWay: 0,
      failed: 0,
      answers: { 200: 1 },
    });
    expect(received).toEqual([
      expect.objectContaining({ url: '/?wpf_action=update', body: JSON.stringify({ id: ada }) }),
    ]);
    expect(received[0]?.headers['content-type']).toBe('application/json');
  });

  it('are of another kind, and several contacts in one, where somebody asks for it', async () => {
    sandbox.webhooks.register({ url, kind: 'event', batch: 2 });
    const [grace, zoe] = [descriptions.encharge.idOf(2), descriptions.encharge.idOf(3)];
    await changeCity(ada, grace, zoe);
    expect(await settled()).toMatchObject({ sent: 1 });
    await changeCity(ada);
    expect(await settled()).toMatchObject({ sent: 2 });
    expect(received.map(({ body }) => pluck(at(JSON.parse(body), 'endUserData'), 'id'))).toEqual([
      [ada, grace],
      [zoe, ada],
    ]);
  });

  it('are forms, for a CRM that sends them', async () => {
    const other = await startSandbox('encharge', { token: 'fake-token', description: activecampaign });
    other.webhooks.register({ url });
    const call = callerWith(other.url, { 'Api-Token': 'fake-token' });
    await call('contacts/113', { method: 'PUT', body: { contact: { firstName: 'Augusta' } } });
    await settled(other);
    await other.stop();
    expect(received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toEqual({
      type: 'contact_tag_added',
      'contact[id]': '113',
      'contact[email]': 'ada@example.com',
      'contact[first_name]': 'Augusta',
      'contact[tags]': 'customer, newsletter',
    });
  });

  it.each([undefined, 'fake-secret'])(
    'are signed, where the account has a secret for it: %s',
    async (webhook) => {
      const secrets = {
        siteId: 's',
        trackKey: 'k',
        ...(webhook === undefined ? {} : { webhookSecret: webhook }),
      };
      const now = () => new Date('2026-03-14T15:09:26.535Z');
      const other = await startSandbox('encharge', { token: 't', secrets, now, description: customerio });
      other.webhooks.register({ url });
      const call = callerWith(new URL(other.url).origin, { authorization: basicAuth('s', 'k') });
      await call('/track/api/v1/customers/cio_a3000001', { method: 'PUT', body: { city: 'Paris' } });
      await settled(other);
      await other.stop();
      expect(received[0]?.body).toBe('{"email":"ada@example.com"}');
      const signature = createHmac('sha256', 'fake-secret').update(
        'v0:1773500966:{"email":"ada@example.com"}',
      );
      expect(received[0]?.headers['x-cio-signature']).toBe(webhook && signature.digest('hex'));
    },
  );

  it('are not called for what is only read, refused or edited by hand', async () => {
    sandbox.webhooks.register({ url });
    await callerOf(sandbox)('/people/all');
    await callerOf(sandbox)('/people', { method: 'POST', body: [{ email: 7 }] });
    sandbox.people.put({ id: ada, fields: { city: 'Paris' } });
    expect(await settled()).toMatchObject({ sent: 0 });
  });

  it('are called although the answer to the change was lost, and not for a change that never was', async () => {
    sandbox.webhooks.register({ url });
    sandbox.faults.inject({ kind: 'reset', applies: 'after', times: 1 });
    await expect(changeCity()).rejects.toThrow();
    sandbox.faults.inject({ status: 503, times: 1 });
    await changeCity();
    expect(await settled()).toMatchObject({ sent: 1, answers: { 200: 1 } });
  });

  it('end at their limit, and the rest is counted', async () => {
    sandbox.webhooks.register({ url, limit: 2 });
    for (let count = 0; count < 5; count += 1) await changeCity();
    expect(await settled()).toMatchObject({ sent: 2, heldBack: 3 });
  });

  it('count what is refused and what is not answered, and try nothing twice', async () => {
    sandbox.webhooks.register({ url });
    status = 503;
    await changeCity();
    await settled();
    status = undefined;
    await changeCity();
    expect(await settled()).toMatchObject({ sent: 2, failed: 1, answers: { 503: 1 } });
    expect(received).toHaveLength(2);
  });

  it('are listed, cleared and reset over HTTP', async () => {
    await control({ method: 'POST', body: { url, limit: 5 } });
    expect((await control()).json).toMatchObject({ webhooks: [{ url, limit: 5, sent: 0 }] });
    expect((await control({ method: 'DELETE' })).status).toBe(204);
    sandbox.webhooks.register({ url });
    await exchange(`${sandbox.control}/reset`, { method: 'POST' });
    expect((await control()).json).toEqual({ webhooks: [] });
  });

  it.each([
    ['another machine', { url: 'http://example.com/' }],
    ['a name like this machine', { url: 'http://localhost.example.com/' }],
    ['another protocol', { url: 'file:///etc/hosts' }],
    ['no URL', { url: 'here' }],
    ['nothing', undefined],
    ['a kind that the CRM does not have', { url: 'http://127.0.0.1/', kind: 'fax' }],
    ['no limit', { url: 'http://127.0.0.1/', limit: 0 }],
  ])('are refused: %s', async (_name, body) => {
    const answer = await control({ method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(sandbox.webhooks.list()).toEqual([]);
  });
});
