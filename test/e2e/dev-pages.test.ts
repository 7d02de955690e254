import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { folder, useFolder } from '../support/folder.ts';
import { listeningPorts } from '../support/listening-ports.ts';
import { plainRequest } from '../support/plain-request.ts';
import { type RunningUsher, startUsher } from '../support/usher-process.ts';

const tunnel = 'usher.example.com';

useFolder();
let running: RunningUsher;
beforeAll(async () => {
  running = await startUsher(['--port', '0', '--public-host', tunnel], folder);
});
afterAll(() => running.end('SIGINT'));

/** Everything that is said to listen, by what it is. */
function listeners(): Record<string, string> {
  const { webhook, inbox, endpoints, connections } = running.ready;
  const sandboxes = Object.entries(connections).map(([name, { sandbox }]) => [`sandbox ${name}`, sandbox]);
  return { webhook, inbox: `${inbox}store`, ...endpoints, ...Object.fromEntries(sandboxes) };
}

const statuses = async (headersFor: (url: URL) => Record<string, string | string[]>) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(listeners()).map(async ([name, url]) => [
        name,
        (await plainRequest(url, headersFor(new URL(url)))).status,
      ]),
    ),
  ) as Record<string, number>;

const all = (status: number) => Object.fromEntries(Object.keys(listeners()).map((name) => [name, status]));

describe('The local stack and web pages', () => {
  it('has no listener but these', async () => {
    // What the console refuses, its own tests say.
    const urls = [...Object.values(listeners()), running.ready.console];
    const known = urls.map((url) => Number(new URL(url).port));
    expect((await listeningPorts(running.pid)).sort()).toEqual([...new Set(known)].sort());
  });

  it.each([
    ['a name that points here', () => 'rebound.example.net'],
    ['that name with the port', ({ port }: URL) => `rebound.example.net:${port}`],
    ['another port', () => '127.0.0.1:1'],
    ['no port', () => '127.0.0.1'],
    ['a name that begins like ours', ({ port }: URL) => `localhost.example.net:${port}`],
    ['the name of the tunnel on another path', () => tunnel],
  ])('every listener answers 421 to %s as Host', async (what, host) => {
    const found = await statuses((url) => ({ host: host(url) }));
    // The webhook alone is what the tunnel leads to.
    expect(found).toEqual({ ...all(421), ...(what.includes('tunnel') ? { webhook: 403 } : {}) });
    const body = (await plainRequest(`${running.ready.inbox}store`, { host: 'rebound.example.net' })).body;
    expect(body).not.toContain('emails');
  });

  it.each([
    ['a site', { origin: 'https://www.example.net' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['another program here', { origin: 'http://localhost:1' }],
    [
      'an image of a site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    ],
  ])('every listener answers 403 to %s', async (_what, headers) => {
    expect(await statuses(({ host }) => ({ host, ...headers }))).toEqual(all(403));
  });

  it('answers 403 before anything is done', async () => {
    const { inbox, endpoints, connections } = running.ready;
    const foreign = { origin: 'https://www.example.net', 'content-type': 'text/plain' };
    const sandbox = String(connections['encharge']?.sandbox);
    for (const url of [`${inbox}clear-store`, endpoints.sqs, `${sandbox}/reset`, endpoints.dynamodb]) {
      expect((await plainRequest(url, foreign, { method: 'POST', body: '{}' })).status).toBe(403);
    }
  });

  it.each([
    ['localhost', ({ port }: URL) => ({ host: `localhost:${port}` })],
    ['LOCALHOST', ({ port }: URL) => ({ host: `LOCALHOST:${port}` })],
    ['its own page', ({ host, origin }: URL) => ({ host, origin, 'sec-fetch-site': 'same-origin' })],
    ['an address that was typed', ({ host }: URL) => ({ host, 'sec-fetch-site': 'none' })],
  ])('every listener goes on answering %s', async (_what, headersFor) => {
    const found = Object.values(await statuses(headersFor));
    expect(found).not.toContain(421);
    // A webhook without a key and an SES call without credentials are refused by those who know.
    expect(
      (await plainRequest(`${running.ready.inbox}store`, headersFor(new URL(running.ready.inbox)))).status,
    ).toBe(200);
    expect((await plainRequest(String(running.ready.connections['encharge']?.sandbox), {})).status).toBe(200);
  });

  it('lets the tunnel reach the webhook and the site’s side, and nothing else of its port', async () => {
    const { webhook, connections } = running.ready;
    const key = String(connections['encharge']?.access_key);
    const test = await plainRequest(`${webhook}?wpf_action=test&access_key=${key}`, { host: tunnel });
    expect(test.status).toBe(200);
    expect(JSON.parse(test.body)).toMatchObject({ success: true });
    expect((await plainRequest(`${webhook}forgot-password`, { host: tunnel })).status).toBe(200);
    for (const path of ['_sandbox', 'store', '/', 'index.html']) {
      expect((await plainRequest(`${webhook}${path}`, { host: tunnel })).status).toBe(421);
    }
    const page = { host: tunnel, origin: 'https://www.example.net' };
    expect((await plainRequest(`${webhook}?wpf_action=test&access_key=${key}`, page)).status).toBe(403);
  });
});
