import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CrmClientOptions } from '../../../functions/crm/crm-client.ts';
import { namedContacts } from '../../../functions/webhook/named-contacts.ts';
import { readXml } from '../../../functions/webhook/read-body.ts';
import { crm, type Reply, useCrmServer } from './crm-server.ts';
import { connector } from './xml-connector.ts';

useCrmServer();

const client = (options: Partial<CrmClientOptions> = {}) =>
  crm.client(connector, {
    credentials: () => Promise.resolve({ apiToken: 'fake-token', reportKey: 'fake-key' }),
    ...options,
  });
const id = '0035g00000ABCDEAA4';
const ada: Reply = { body: { Id: id, Email: 'ada@example.com' } };
const xml = (body: string, status = 200): Reply => ({
  status,
  body,
  headers: { 'content-type': 'text/xml' },
});

describe('a request', () => {
  it('may have a name in its query more than once', async () => {
    crm.answer(ada, { body: { records: [{ Topic: { Name: 'customer' } }] } });
    expect(await client().load(id)).toMatchObject({ id, email: 'ada@example.com', tags: ['customer'] });
    expect(crm.received.map(({ url }) => decodeURIComponent(url ?? '').replaceAll('+', ' '))).toEqual([
      `/api/sobjects/Contact/${id}?fields=Id&fields=Email`,
      `/api/query?q=SELECT Topic.Name FROM TopicAssignment WHERE EntityId = '${id}'`,
    ]);
    expect(crm.calls.map(({ template }) => template)).toEqual(['sobjects/Contact/{}', 'query']);
  });

  it('may quote an address as it has to', async () => {
    crm.answer({ body: { records: [] } });
    expect(await client().loadByEmail(String.raw`o'neil\@example.com`)).toBeUndefined();
    const { searchParams } = new URL(crm.received[0]?.url ?? '', crm.url);
    expect(searchParams.get('q')).toBe(
      String.raw`SELECT Id FROM Contact WHERE Email = 'o\'neil\\@example.com'`,
    );
  });

  it('may carry XML, and be answered in XML', async () => {
    crm.answer(xml('<Envelope><sf:name>Email</sf:name><sf:name>é</sf:name></Envelope>'));
    expect([...(await client().fieldNames())]).toEqual(['Email', 'é']);
    const [{ method, headers, body } = { method: '', headers: {}, body: '' }] = crm.received;
    expect([method, body]).toEqual([
      'POST',
      '<Envelope><Body><describe>Contact &amp; é</describe></Body></Envelope>',
    ]);
    expect(headers).toMatchObject({
      'content-type': 'text/xml; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      soapaction: '""',
      authorization: 'Bearer fake-token',
    });
  });

  it('may be a PATCH that is answered with nothing', async () => {
    crm.answer({ status: 204 });
    await expect(client().writeField(id, 'WP_Password__c', 'fake')).resolves.toBeUndefined();
    expect(crm.received[0]).toMatchObject({ method: 'PATCH', body: '{"WP_Password__c":"fake"}' });
  });

  it('gets the credentials that are for it', async () => {
    crm.answer({ body: {} });
    await client().testCredentials();
    expect(crm.received[0]?.headers.authorization).toBe('Key fake-key');
  });
});

const page = { 'content-type': 'text/html' };

describe('a POST that changes nothing', () => {
  it.each<[name: string, reply: Reply, code: string]>([
    ['403 is about the credentials', { status: 403, body: {} }, 'crm_credentials_rejected'],
    ['401, too', { status: 401, body: {} }, 'crm_credentials_rejected'],
    ['400 is no refusal of a value', { status: 400, body: {} }, 'crm_answer_invalid'],
    [
      'its answer has to be JSON',
      { body: 'OK', headers: { 'content-type': 'text/plain' } },
      'crm_answer_invalid',
    ],
    [
      '403 of a firewall is about nothing',
      { status: 403, body: '<html>', headers: page },
      'crm_answer_invalid',
    ],
  ])('%s', async (_name, reply, code) => {
    crm.answer(reply);
    await expect(client().testCredentials()).rejects.toMatchObject({ code });
  });
});

describe('an answer', () => {
  it.each<[name: string, reply: Reply, code: string]>([
    ['410', { status: 410, body: {} }, 'contact_not_found'],
    ['404', { status: 404, body: [{ errorCode: 'NOT_FOUND' }] }, 'contact_not_found'],
    ['404 of a proxy', { status: 404, body: '<html>', headers: page }, 'crm_answer_invalid'],
    ['410 of a proxy', { status: 410, body: '<html>', headers: page }, 'crm_answer_invalid'],
    [
      '403 that is a limit',
      { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] },
      'crm_rate_limited',
    ],
    ['403 that is none', { status: 403, body: [{ errorCode: 'OTHER' }] }, 'crm_credentials_rejected'],
  ])('says whether the contact is there: %s', async (_name, reply, code) => {
    crm.answer(reply);
    await expect(client().load(id)).rejects.toMatchObject({ code });
  });

  it.each<[name: string, reply: Reply, code: string]>([
    ['no XML of ours', xml('<Envelope/>'), 'crm_answer_invalid'],
    ['a page of a proxy', { body: '<html><name></html>', headers: page }, 'crm_answer_invalid'],
    [
      'a fault with 500',
      xml('<Fault><faultcode>sf:INVALID_SESSION_ID</faultcode></Fault>', 500),
      'crm_credentials_rejected',
    ],
    [
      'a fault with 200',
      xml('<Fault><faultcode>sf:INVALID_SESSION_ID</faultcode></Fault>'),
      'crm_credentials_rejected',
    ],
  ])('in XML is understood: %s', async (_name, reply, code) => {
    crm.answer(reply);
    await expect(client().fieldNames()).rejects.toMatchObject({ code });
  });
});

describe('a webhook in XML', () => {
  const message = (...contacts: string[]) =>
    `<Envelope><OrganizationId>00D1</OrganizationId>${contacts.map((one) => `<Notification><Id>04l1</Id><sf:Id>${one}</sf:Id></Notification>`).join('')}</Envelope>`;
  const read = async (text: string) =>
    namedContacts(
      (await readXml(
        { body: text, isBase64Encoded: false, headers: {} } as unknown as APIGatewayProxyEventV2,
        (body) => connector.webhook.parse?.(body),
      )) ?? { kind: 'none' },
      connector,
    );

  it('names its contacts', async () => {
    expect(await read(message(id, '0035g00000ABCDFAA4', id))).toMatchObject({
      contacts: [{ contactId: id }, { contactId: '0035g00000ABCDFAA4' }],
      isBatch: true,
      places: [0, 1],
    });
  });

  it('that is something else is malformed, and not quoted', async () => {
    const refused = await read('<secret/>').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'malformed_body' });
    expect(String(refused)).not.toContain('secret');
  });
});
