import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CrmName, connectorOf, crmNames } from '../../functions/crm/registry.ts';
import { readPayload } from '../../functions/webhook/body.ts';
import { namedContacts } from '../../functions/webhook/named-contacts.ts';
import { withConnections } from '../../lib/dev/further-connections.ts';
import { contactOf } from '../../lib/sandbox/account.ts';
import { descriptions } from '../../lib/sandbox/descriptions.ts';
import type { Person } from '../../lib/sandbox/person.ts';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import type { WebhookBody } from '../../lib/sandbox/webhook-body.ts';
import { webhookBody } from '../../lib/sandbox/webhook-request.ts';
import { noteSecret } from '../support/leaks.ts';
import { patientConfig } from '../support/patient-config.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, type WebhookAnswer } from '../support/webhook.ts';
import { newEmail } from './contacts.ts';

/** A connection for every CRM, called as it is: one stack for all of them. And one more for each that signs. */
const everyCrm = Object.fromEntries(crmNames.map((crm) => [crm, crm]));
const signing = crmNames.filter((crm) => descriptions[crm].signature);
const signedName = (crm: CrmName) => `${crm}-signed`;
const signed = Object.fromEntries(signing.map((crm) => [signedName(crm), crm]));
useTestStack({ config: withConnections({ ...patientConfig, connections: {} }, { ...everyCrm, ...signed }) });

const webhookSecret = 'fake-webhook-secret';
beforeAll(() => {
  for (const crm of signing) {
    const { accessKeys = [], credentials } = test.stack.connections[signedName(crm)] ?? {};
    const secret = { apiToken: '', ...credentials, webhookSecret, accessKeys: [...accessKeys] };
    test.stack.setSecret(signedName(crm), secret);
  }
});

const sandboxOf = (connection: string) => test.stack.connections[connection]?.sandbox as Sandbox;

/** A contact in the CRM, with an address of its own. */
const newPerson = (crm: CrmName, tags: readonly string[] = ['customer']): Person =>
  sandboxOf(crm).people.put({ email: newEmail(), tags, fields: { firstName: 'Ada', lastName: 'Lovelace' } });

/** What the CRM sends for people, of its usual kind unless told. */
function sentFor(crm: CrmName, [first, ...others]: readonly [Person, ...Person[]], kind?: string) {
  const description = descriptions[crm];
  const inItsWords = (person: Person) => contactOf(person, description.fields, () => 0);
  return webhookBody(description, [inItsWords(first), ...others.map(inItsWords)], new Date(), kind);
}

function send(crm: CrmName, query: Record<string, string>, { headers, body }: WebhookBody) {
  return request(test, { method: 'POST', query: { access_key: keyOf(test, crm), ...query }, headers, body });
}

/** What has become of a webhook in the end: a slow machine may leave it to the queue. */
async function resultOf({ body: { data } }: WebhookAnswer): Promise<unknown> {
  await test.idle();
  if (data.result !== 'queued') return data.result;
  return test.log.find((line) => line['message'] === 'job' && line['job_id'] === data.job_id)?.['result'];
}

/** An action for somebody who is in the CRM. */
const act = async (crm: CrmName, action: string, person: Person, query: Record<string, string> = {}) =>
  resultOf(await send(crm, { wpf_action: action, ...query }, sentFor(crm, [person])));

/** When the CRM has its answers to everything that it has sent of itself. */
async function answered({ webhooks }: Sandbox) {
  for (let looks = 0; looks < 1000; looks += 1) {
    const [webhook] = webhooks.list();
    if (webhook && webhook.sent > 0 && webhook.underWay === 0) return webhook;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('Nothing was sent, or it was not answered.');
}

/** The body of a webhook that names two people, where the CRM has one. */
function batchOf(crm: CrmName, people: readonly [Person, Person]): WebhookBody | undefined {
  const bodies = Object.keys(descriptions[crm].webhooks).map((kind) => sentFor(crm, people, kind));
  return bodies.find(({ body }) => namedContacts(readPayload(body), connectorOf(crm)).contacts.length === 2);
}

describe.each(signing)('%s, which signs', (crm) => {
  it('is believed with its signature only, where the connection has the secret', async () => {
    const connection = signedName(crm);
    const person = sandboxOf(connection).people.put({ email: newEmail(), tags: ['customer'] });
    const query = { access_key: keyOf(test, connection), wpf_action: 'add' };
    const { headers, body } = sentFor(crm, [person]);
    const called = new URL(test.stack.webhook);
    called.search = new URLSearchParams(query).toString();
    const url = `https://${called.hostname}${called.pathname}${called.search}`;
    const post = (more: object = {}) =>
      request(test, { method: 'POST', query, headers: { ...headers, ...more }, body });
    const signedBy = (secret: string) => descriptions[crm].signature?.(body, secret, new Date(), url);

    const refused = { status: 403, body: { success: false } };
    expect(await post()).toMatchObject(refused);
    expect(await post(signedBy('another-secret'))).toMatchObject(refused);
    await test.idle();
    expect(await test.userOf(connection, person.id)).toBeUndefined();
    expect(await resultOf(await post(signedBy(webhookSecret)))).toBe('created');
    expect(await test.userOf(connection, person.id)).toMatchObject({ email: person.email });
  });
});

describe.each(crmNames)('%s', (crm) => {
  it('add: a user, a welcome mail, the password in the CRM, whose own webhook of that changes nothing', async () => {
    const sandbox = sandboxOf(crm);
    const url = new URL(test.stack.webhook);
    url.search = new URLSearchParams({ wpf_action: 'update', access_key: keyOf(test, crm) }).toString();
    sandbox.webhooks.register({ url: url.href, limit: 5 });
    const person = newPerson(crm, ['customer', 'newsletter']);
    expect(await act(crm, 'add', person, { send_notification: 'true' })).toBe('created');

    const password = String(sandbox.people.get(person.id)?.fields['wp_password']);
    noteSecret(password);
    expect(password).toMatch(/^[A-Za-z0-9]{16,}$/);
    const user = await test.userOf(crm, person.id);
    expect(user).toMatchObject({ email: person.email, effects: {}, fields: { first_name: 'Ada' } });
    expect([...(user?.tags ?? [])].sort()).toEqual(['customer', 'newsletter']);
    // The vendors' tokens are random, but for the one that is a password of somebody's.
    const cost = crm === 'mautic' ? 'm=19456,t=2,p=1' : 'm=1024,t=1,p=1';
    expect(user?.passwordHash).toContain(`$argon2id$v=19$${cost}$`);
    expect(test.ses.mails.filter(({ to }) => to.includes(String(person.email)))).toHaveLength(1);

    const own = await answered(sandbox);
    expect(own).toMatchObject({ sent: 1, heldBack: 0, failed: 0 });
    await test.idle();
    const lines = test.log.filter(
      (line) => line['action'] === 'update' && line['user_id'] === user?.id && line['result'] !== 'queued',
    );
    expect(lines).toMatchObject([{ result: 'unchanged' }]);
    expect(await answered(sandbox)).toEqual(own);
    sandbox.webhooks.clear();
  });

  it('update, update_tags: what has changed in the CRM, and nothing twice', async () => {
    const { people } = sandboxOf(crm);
    const person = newPerson(crm);
    await act(crm, 'add', person);
    const stored = people.get(person.id) ?? person;
    const renamed = people.put({ ...stored, fields: { ...stored.fields, firstName: 'Augusta' } });
    expect(await act(crm, 'update', renamed)).toBe('updated');
    expect(await test.userOf(crm, person.id)).toMatchObject({ fields: { first_name: 'Augusta' } });
    expect(await act(crm, 'update', renamed)).toBe('unchanged');

    const retagged = people.put({ ...renamed, tags: ['former customer'] });
    expect(await act(crm, 'update_tags', retagged)).toBe('updated');
    expect(await test.userOf(crm, person.id)).toMatchObject({ tags: ['former customer'] });
    const untagged = people.put({ ...renamed, tags: [] });
    expect(await act(crm, 'update_tags', untagged)).toBe('updated');
    expect((await test.userOf(crm, person.id))?.tags ?? []).toEqual([]);
  });

  it('test: tells what add would do, and does nothing', async () => {
    const person = newPerson(crm);
    const answer = await send(crm, { wpf_action: 'test' }, sentFor(crm, [person]));
    expect(answer.body).toMatchObject({ success: true, data: { method: 'test' } });
    expect(await test.userOf(crm, person.id)).toBeUndefined();
  });

  it('async: the same from the queue', async () => {
    const person = newPerson(crm);
    const answer = await send(crm, { wpf_action: 'add', async: 'true' }, sentFor(crm, [person]));
    expect(answer.status).toBe(202);
    expect(await resultOf(answer)).toBe('created');
    expect(await test.userOf(crm, person.id)).toMatchObject({ email: person.email });
  });

  const anybody = (number: number): Person => ({
    id: descriptions[crm].idOf(number),
    email: `${number}@example.com`,
    fields: {},
    createdAt: '2026-03-01T12:00:00Z',
    updatedAt: '2026-03-01T12:00:00Z',
  });
  if (!batchOf(crm, [anybody(1), anybody(2)])) return;
  it('a batch: everybody in it', async () => {
    const both = [newPerson(crm), newPerson(crm)] as const;
    const answer = await send(crm, { wpf_action: 'add' }, batchOf(crm, both) ?? sentFor(crm, both));
    expect(answer.status).toBe(202);
    await test.idle();
    for (const { id, email } of both) expect(await test.userOf(crm, id)).toMatchObject({ email });
  });
});
