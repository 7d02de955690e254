import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { enchargeSeedId } from '../../../lib/sandbox/encharge-person.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, callerOf, type ExchangeOptions, exchange } from './exchange.ts';

let encharge: Sandbox<'encharge'>;
let userengage: Sandbox<'userengage'>;
let receiver: Server;
let url: string;
const received: { url: string | undefined; headers: IncomingHttpHeaders; body: unknown }[] = [];
/** What the receiver answers; undefined breaks the connection. */
let status: number | undefined;

beforeAll(async () => {
  encharge = await startSandbox('encharge', { token: 'fake-token' });
  userengage = await startSandbox('userengage', { token: 'fake-token' });
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ url: request.url, headers: request.headers, body: JSON.parse(body) });
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
  for (const sandbox of [encharge, userengage]) {
    sandbox.webhooks.clear();
    sandbox.people.reset();
    sandbox.faults.clear();
  }
});
afterAll(async () => {
  await Promise.all([encharge.stop(), userengage.stop()]);
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});
status = 200;

const control = (sandbox: Sandbox, options?: ExchangeOptions) =>
  exchange(`${sandbox.control}/webhooks`, options);

/** What became of the only webhook, when none is under way any more. */
async function settled(sandbox: Sandbox) {
  for (let looks = 0; looks < 500; looks += 1) {
    const [webhook] = sandbox.webhooks.list();
    if (webhook?.underWay === 0) return webhook;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('A webhook is still under way.');
}

const changeCity = (sandbox: Sandbox) =>
  sandbox.crm === 'encharge'
    ? callerOf(sandbox)('/people', { method: 'POST', body: { id: enchargeSeedId(1), city: 'Paris' } })
    : callerOf(sandbox)('users/1/', { method: 'PUT', body: { city: 'Paris' } });

describe('the webhooks of a sandbox', () => {
  it('call what is registered for a person whom the API has changed, as that CRM does', async () => {
    expect((await control(encharge, { method: 'POST', body: { url } })).status).toBe(201);
    await changeCity(encharge);
    expect(await settled(encharge)).toEqual({
      url,
      limit: 1000,
      sent: 1,
      heldBack: 0,
      underWay: 0,
      failed: 0,
      answers: { 200: 1 },
    });
    expect(received).toEqual([
      expect.objectContaining({ url: '/?wpf_action=update', body: { id: enchargeSeedId(1) } }),
    ]);
    expect(received[0]?.headers['content-type']).toBe('application/json');

    userengage.webhooks.register({ url });
    await changeCity(userengage);
    await settled(userengage);
    expect(received[1]?.headers).not.toHaveProperty('content-type');
    expect(at(received[1]?.body, 'user')).toMatchObject({ id: 1, email: 'ada@example.com' });
  });

  it('are not called for what is only read, refused or edited by hand', async () => {
    userengage.webhooks.register({ url });
    await callerOf(userengage)('users/1/');
    await callerOf(userengage)('users/999/', { method: 'PUT', body: { city: 'Paris' } });
    userengage.people.put({ id: 1, city: 'Paris' });
    expect(await settled(userengage)).toMatchObject({ sent: 0 });
  });

  it('are called although the answer to the change was lost, and not for a change that never was', async () => {
    userengage.webhooks.register({ url });
    userengage.faults.inject({ kind: 'reset', applies: 'after', times: 1 });
    await expect(changeCity(userengage)).rejects.toThrow();
    userengage.faults.inject({ status: 503, times: 1 });
    await changeCity(userengage);
    expect(await settled(userengage)).toMatchObject({ sent: 1, answers: { 200: 1 } });
  });

  it('end at their limit, and the rest is counted', async () => {
    userengage.webhooks.register({ url, limit: 2 });
    for (let count = 0; count < 5; count += 1) await changeCity(userengage);
    expect(await settled(userengage)).toMatchObject({ sent: 2, heldBack: 3 });
  });

  it('count what is refused and what is not answered, and try nothing twice', async () => {
    userengage.webhooks.register({ url });
    status = 503;
    await changeCity(userengage);
    await settled(userengage);
    status = undefined;
    await changeCity(userengage);
    expect(await settled(userengage)).toMatchObject({ sent: 2, failed: 1, answers: { 503: 1 } });
    expect(received).toHaveLength(2);
  });

  it('are listed, cleared and reset over HTTP', async () => {
    await control(userengage, { method: 'POST', body: { url, limit: 5 } });
    expect((await control(userengage)).json).toMatchObject({ webhooks: [{ url, limit: 5, sent: 0 }] });
    expect((await control(userengage, { method: 'DELETE' })).status).toBe(204);
    userengage.webhooks.register({ url });
    await exchange(`${userengage.control}/reset`, { method: 'POST' });
    expect((await control(userengage)).json).toEqual({ webhooks: [] });
  });

  it.each([
    ['another machine', { url: 'http://example.com/' }],
    ['a name like this machine', { url: 'http://localhost.example.com/' }],
    ['another protocol', { url: 'file:///etc/hosts' }],
    ['no URL', { url: 'here' }],
    ['nothing', undefined],
    ['no limit', { url: 'http://127.0.0.1/', limit: 0 }],
  ])('are refused: %s', async (_name, body) => {
    const answer = await control(userengage, { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(userengage.webhooks.list()).toEqual([]);
  });
});
