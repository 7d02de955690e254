import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SignIn } from '../../../functions/crm/connector.ts';
import type { CrmClientOptions } from '../../../functions/crm/crm-client.ts';
import type { CrmPace } from '../../../functions/crm/crm-pace.ts';
import type { Transport } from '../../../functions/crm/transport.ts';
import { type CrmServer, type Reply, startCrmServer } from './crm-server.ts';
import { tokenConnector } from './token-connector.ts';

let crm: CrmServer;
let time: number;
beforeAll(async () => {
  crm = await startCrmServer();
});
beforeEach(() => {
  time = Date.parse('2026-03-01T12:00:00Z');
});
afterAll(() => crm.stop());

/** Keeps a token until it ends or is refused, as whoever stores them does. */
function keptCredentials(): CrmClientOptions['credentials'] {
  let stored = { apiToken: 'fake-secret', clientId: 'fake-id', refreshToken: 'fake refresh+token' };
  let held: (SignIn & { until: number }) | undefined;
  return async (fetchToken, rejected) => {
    if (!fetchToken) return stored;
    if (!held || held.until <= time || held.accessToken === rejected) {
      const fetched = await fetchToken(stored);
      held = { ...fetched, until: time + 1000 * fetched.expiresInSeconds };
      stored = { ...stored, ...held.changed };
    }
    return { ...stored, accessToken: held.accessToken };
  };
}

const client = (options: Partial<CrmClientOptions> = {}) =>
  crm.client(tokenConnector, { credentials: keptCredentials(), ...options });
const signedIn = (name = 'first', more = {}): Reply => ({
  body: { access_token: name, expires_in: 3600, ...more },
});
const id = '3652397000000190079';
const ada = { id, Email: 'ada@example.com', Tag: [{ name: 'customer' }] };
const right: Reply = { body: { data: [ada] } };
const deadToken: Reply = { status: 401, body: { code: 'INVALID_TOKEN', status: 'error' } };
const asked = () =>
  crm.received.map(({ method, url, headers }) =>
    [method, url, headers.authorization].filter(Boolean).join(' '),
  );
const [signIn, load] = ['POST /api/token', `GET /api/Contacts/${id} Zoho-oauthtoken`];

describe('a token that ends', () => {
  it('is fetched by a form, before the first call; no log names it', async () => {
    crm.answer(signedIn(), right);
    expect(await client().load(id)).toMatchObject({ id, email: 'ada@example.com', tags: ['customer'] });
    expect(asked()).toEqual([signIn, `${load} first`]);
    const [{ headers, body } = { headers: {}, body: '' }] = crm.received;
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(headers['content-length']).toBe(String(body.length));
    expect(body).toBe(
      'grant_type=refresh_token&refresh_token=fake+refresh%2Btoken&client_id=fake-id&client_secret=fake-secret',
    );
    expect(crm.calls).toEqual([
      { template: 'token', status: 200 },
      { template: 'Contacts/{}', status: 200 },
    ]);
  });

  it('is fetched from where the connector says, unless somebody plays the CRM', async () => {
    const urls: string[] = [];
    const transport: Transport = ({ url }) => {
      urls.push(url.href);
      return Promise.resolve({ status: 503, headers: {}, body: '' });
    };
    const { baseUrl } = tokenConnector.api({});
    await expect(client({ transport, baseUrl }).load(id)).rejects.toMatchObject({ code: 'crm_unavailable' });
    expect(urls).toEqual(['https://accounts.example.com/oauth/v2/token']);
  });

  it('is used until then', async () => {
    const same = client();
    crm.answer(signedIn(), right);
    await same.load(id);
    time += 3_599_999;
    await same.load(id);
    expect(asked()).toEqual([signIn, `${load} first`, `${load} first`]);
    time += 1;
    crm.answer(signedIn('second'), right);
    await same.load(id);
    expect(asked()).toEqual([signIn, `${load} second`]);
  });

  it('is fetched once more when the CRM refuses it, with the credentials that changed', async () => {
    crm.answer(signedIn('first', { refresh_token: 'fake-next' }), deadToken, signedIn('second'), right);
    expect(await client().load(id)).toMatchObject({ id });
    expect(asked()).toEqual([signIn, `${load} first`, signIn, `${load} second`]);
    expect(crm.received[2]?.body).toContain('refresh_token=fake-next&');
  });

  it('is refused for good the second time', async () => {
    crm.answer(signedIn(), deadToken, signedIn('second'), deadToken);
    await expect(client().load(id)).rejects.toMatchObject({ code: 'crm_credentials_rejected' });
    expect(crm.received).toHaveLength(4);
  });

  it('is fetched outside the pace, which is told of one call', async () => {
    const told: string[] = [];
    const pace: CrmPace = {
      admit: () => Promise.resolve(told.push('asked') ? 'freely' : 'once'),
      succeeded: () => Promise.resolve(void told.push('answered')),
      failed: (error) => Promise.resolve(error),
    };
    crm.answer(signedIn(), right);
    await client({ pace }).load(id);
    expect(told).toEqual(['asked', 'answered']);
  });

  it.each<[name: string, reply: Reply, code: string]>([
    ['with 200 and an error', { body: { error: 'invalid_code' } }, 'crm_credentials_rejected'],
    ['with 400 and an error', { status: 400, body: { error: 'invalid_client' } }, 'crm_credentials_rejected'],
    ['with 401', { status: 401 }, 'crm_credentials_rejected'],
    ['with 403', { status: 403 }, 'crm_credentials_rejected'],
    ['with 404', { status: 404, body: {} }, 'crm_answer_invalid'],
    ['with 429', { status: 429 }, 'crm_rate_limited'],
    ['with 503', { status: 503 }, 'crm_unavailable'],
    ['with no token', { body: { token_type: 'Bearer' } }, 'crm_answer_invalid'],
    [
      'with a page of a proxy',
      { body: '<html>', headers: { 'content-type': 'text/html' } },
      'crm_answer_invalid',
    ],
  ])('that is not handed out says nothing of the contact: %s', async (_name, reply, code) => {
    crm.answer(reply, right);
    await expect(client().load(id)).rejects.toMatchObject({ code, retryable: true });
    expect(crm.received).toHaveLength(1);
    expect(crm.received[0]?.url).toBe('/api/token');
  });
});

describe('what only the connector knows of an answer', () => {
  it.each<[name: string, reply: Reply, error: object]>([
    ['204: no such contact', { status: 204 }, { code: 'contact_not_found' }],
    ['400: no such contact', { status: 400, body: { code: 'INVALID_DATA' } }, { code: 'contact_not_found' }],
    [
      '400: limited',
      { status: 400, body: { code: 'TOO_MANY_REQUESTS' } },
      { code: 'crm_rate_limited', retryAfterSeconds: 30 },
    ],
    [
      '200: limited',
      { body: { code: 'TOO_MANY_REQUESTS' } },
      { code: 'crm_rate_limited', retryAfterSeconds: 30 },
    ],
    ['200: nothing', { body: { code: 'NO_MODULE' } }, { code: 'crm_answer_invalid' }],
    ['404: nothing', { status: 404, body: { code: 'NO_MODULE' } }, { code: 'crm_answer_invalid' }],
    [
      '500: what it says, not what it is',
      { status: 500, body: { code: 'NO_MODULE' } },
      { code: 'crm_answer_invalid' },
    ],
    [
      'what it leaves to the general rules',
      { status: 400, body: { code: 'OTHER' } },
      { code: 'crm_answer_invalid' },
    ],
  ])('%s', async (_name, reply, error) => {
    crm.answer(signedIn(), reply);
    await expect(client().load(id)).rejects.toMatchObject(error);
  });

  it('204 to a search is nobody', async () => {
    crm.answer(signedIn(), { status: 204 });
    expect(await client().loadByEmail('ada@example.com')).toBeUndefined();
  });

  it('a write may be refused with 200', async () => {
    const write = (status: string) => {
      crm.answer(signedIn(), { body: { data: [{ code: 'X', status }] } });
      return client().writeField(id, 'WP_Password', 'fake');
    };
    await expect(write('error')).rejects.toMatchObject({ code: 'crm_write_refused' });
    await expect(write('success')).resolves.toBeUndefined();
    expect(crm.received[1]).toMatchObject({
      method: 'PUT',
      body: '{"data":[{"WP_Password":"fake"}],"trigger":[]}',
    });
  });
});
