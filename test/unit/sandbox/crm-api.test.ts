import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Reply } from '../../../lib/sandbox/api-answer.ts';
import { basicAuth } from '../../../lib/sandbox/basic-auth.ts';
import type { CrmDescription } from '../../../lib/sandbox/crm-description.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { activecampaign } from './activecampaign.ts';
import { customerio } from './customerio.ts';
import { at, type Call, callerWith, pluck } from './exchange.ts';

const started: Sandbox[] = [];
afterAll(() => Promise.all(started.map((sandbox) => sandbox.stop())));
afterEach(() => {
  for (const { people, faults, limits } of started) {
    people.reset();
    faults.clear();
    limits.switch(false);
  }
});

let clock = Date.parse('2026-03-14T15:09:26.535Z');
async function start(description: CrmDescription, secrets: Record<string, string> = {}): Promise<Sandbox> {
  const now = () => new Date(clock);
  // The name says only whose people a data file holds.
  const sandbox = await startSandbox('encharge', { token: 'fake-token', secrets, description, now });
  started.push(sandbox);
  return sandbox;
}

describe('a CRM with numbers for fields and tags by a second call', () => {
  let sandbox: Sandbox;
  let call: Call;
  beforeAll(async () => {
    sandbox = await start(activecampaign);
    call = callerWith(sandbox.url, { 'Api-Token': 'fake-token' });
  });

  it('finds by address without fields, and answers by id with them', async () => {
    const found = await call('contacts?email=KATHERINE%40example.com&status=-1');
    expect(found.json).toMatchObject({ contacts: [{ id: '128', email: 'katherine@example.com' }] });
    expect(found.json).not.toHaveProperty('fieldValues');
    const { json } = await call('contacts/128');
    expect(json).toMatchObject({ contact: { id: '128', firstName: 'Katherine', phone: '' } });
    expect(at(json, 'fieldValues')).toContainEqual({
      contact: '128',
      field: '9',
      value: '||mathematics||space flight||',
    });
    expect((await call('contacts?email=nobody%40example.com')).json).toMatchObject({ contacts: [] });
  });

  it('takes the route that fits the query, tags being numbers that a dictionary explains', async () => {
    expect(pluck(at((await call('contacts/113/contactTags?include=tag')).json, 'tags'), 'tag')).toEqual([
      'customer',
      'newsletter',
    ]);
    const { json } = await call('contacts/115/contactTags');
    expect(json).not.toHaveProperty('tags');
    const [id] = pluck(at(json, 'contactTags'), 'tag');
    const dictionary = await call('tags?limit=2&offset=3');
    expect(at(dictionary.json, 'tags')).toEqual([
      { id, tagType: 'contact', tag: 'Käufer' },
      { id: '5', tagType: 'contact', tag: 'cafe\u0301' },
    ]);
  });

  it('writes standard and custom fields, and refuses what the account does not have', async () => {
    const put = (contact: object) => call('contacts/113', { method: 'PUT', body: { contact } });
    await put({
      firstName: 'Augusta',
      email: 'augusta@example.com',
      fieldValues: [{ field: '1', value: 'secret' }],
    });
    expect(sandbox.people.get(113)).toMatchObject({
      email: 'augusta@example.com',
      fields: { firstName: 'Augusta', lastName: 'Lovelace', wp_password: 'secret' },
    });
    const refused = await put({ fieldValues: [{ field: '99', value: 'x' }] });
    expect([refused.status, at(refused.json, 'errors', 0, 'title')]).toEqual([
      422,
      '99: there is no such field',
    ]);
    expect((await call('contacts/113', { method: 'PUT', body: {} })).status).toBe(422);
  });

  it('words its own errors', async () => {
    expect(await call('contacts/999')).toMatchObject({
      status: 404,
      json: activecampaign.errors.notFound?.body,
    });
    expect(await call('users/me', { headers: { 'Api-Token': 'x' } })).toMatchObject({ status: 403 });
    expect((await call('nowhere')).headers['content-type']).toContain('text/html');
    for (const status of [403, 404, 422]) {
      sandbox.faults.inject({ status, times: 1 });
      expect((await call('users/me')).status).toBe(status);
    }
    sandbox.faults.inject({ status: 429, times: 1 });
    expect((await call('users/me')).headers['retry-after']).toBe('30');
  });

  it("has the vendor's limit when it is switched on: a bucket of five that fills by five a second", async () => {
    const statuses = async (count: number) => {
      const answers = [];
      for (let n = 0; n < count; n += 1) answers.push((await call('users/me')).status);
      return answers;
    };
    expect(await statuses(7)).toEqual(Array(7).fill(200));
    sandbox.limits.switch(true);
    expect(await statuses(6)).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await call('users/me')).headers['retry-after']).toBe('1');
    clock += 400;
    expect(await statuses(3)).toEqual([200, 200, 429]);
    clock += 60_000;
    expect(await statuses(6)).toEqual([200, 200, 200, 200, 200, 429]);
  });
});

describe('a CRM with two hosts and a secret for each', () => {
  const secrets = { siteId: 'fake-site', trackKey: 'fake-track-key', webhookSecret: 'fake-secret' };
  let sandbox: Sandbox;
  let call: Call;
  let track: Call;
  beforeAll(async () => {
    sandbox = await start(customerio, secrets);
    call = callerWith(sandbox.url, { authorization: 'Bearer fake-token' });
    const { origin } = new URL(sandbox.url);
    track = callerWith(`${origin}/track/api/v1/`, {
      authorization: basicAuth('fake-site', 'fake-track-key'),
    });
  });

  it('reads by id and by address, with texts for values', async () => {
    const byId = await call('customers/a3000010/attributes?id_type=cio_id');
    expect(byId.json).toMatchObject({ customer: { attributes: { vip: 'true', orders: '42' } } });
    expect((await call('customers/katherine%40example.com/attributes?id_type=email')).json).toEqual(
      byId.json,
    );
    expect((await call('customers/nobody%40example.com/attributes?id_type=email')).status).toBe(404);
    expect((await call('customers/a3000001/attributes?id_type=id')).status).toBe(404);
    expect(at((await call('customers/a3000001/segments?id_type=cio_id')).json, 'segments', 0)).toMatchObject({
      name: 'customer',
    });
  });

  it('writes on the other host with the other secret', async () => {
    const options = { method: 'PUT', body: { _update: true, wp_password: 'secret' } };
    expect((await call('../track/api/v1/customers/cio_a3000001', options)).status).toBe(401);
    expect((await track('customers/cio_a3000001', options)).status).toBe(200);
    expect(sandbox.people.get('a3000001')?.fields['wp_password']).toBe('secret');
    expect((await track('customers/cio_b3000001', options)).status).toBe(404);
    expect(sandbox.people.get('b3000001')).toBeUndefined();
  });

  it('limits each kind of call by itself', async () => {
    sandbox.limits.switch(true);
    const answers = [];
    for (let n = 0; n < 11; n += 1)
      answers.push((await call('customers/x/attributes?id_type=cio_id')).status);
    expect(answers).toEqual([...Array(10).fill(404), 429]);
    expect((await call('segments')).status).toBe(200);
  });
});

describe('a CRM whose token ends', () => {
  const description: CrmDescription = {
    ...customerio,
    credentials: ({ accessToken }) => ({ headers: { authorization: `Bearer ${accessToken}` } }),
    signIn: {
      request: 'POST /oauth/token',
      seconds: 3600,
      rotates: true,
      accepts: (body, { refreshToken }) => at(body, 'refresh_token') === refreshToken,
      answer: ({ accessToken, refreshToken, seconds, origin }) => ({
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_in: seconds,
        instance_url: origin,
      }),
    },
    contentType: 'application/vnd.api+json',
    errors: {
      ...customerio.errors,
      notFound: new Reply(204),
      contentType: 'application/problem+json',
    },
  };

  it('gives a token for the refresh token, which is then another, and takes it for an hour', async () => {
    const sandbox = await start(description, { refreshToken: 'fake-refresh-token' });
    const call = callerWith(new URL(sandbox.url).origin, {});
    const signIn = (token: string) =>
      call('/oauth/token', {
        method: 'POST',
        body: `grant_type=refresh_token&refresh_token=${token}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    const read = (token: unknown) =>
      call('/v1/customers/x/attributes?id_type=cio_id', { headers: { authorization: `Bearer ${token}` } });

    const refused = await read('undefined');
    expect([refused.status, refused.headers['content-type']]).toEqual([401, 'application/problem+json']);
    const { json } = await signIn('fake-refresh-token');
    expect(at(json, 'instance_url')).toBe(new URL(sandbox.url).origin);
    const [token, next] = [at(json, 'access_token'), at(json, 'refresh_token')];
    expect((await read(token)).status).toBe(204);
    expect(await signIn('fake-refresh-token')).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    });
    clock += 3_599_000;
    expect((await read(token)).status).toBe(204);
    clock += 1000;
    expect((await read(token)).status).toBe(401);
    const newest = at((await signIn(String(next))).json, 'access_token');
    const answer = await call('/v1/segments', { headers: { authorization: `Bearer ${newest}` } });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/vnd.api+json']);
  });
});
