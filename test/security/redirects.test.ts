import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutPasswords } from '../contract/configs.ts';
import { newContact } from '../contract/contacts.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { type CrmServer, startCrmServer } from '../unit/crm/crm-server.ts';
import { type Bystander, startBystander } from './bystander.ts';

let bystander: Bystander;
let crm: CrmServer;
let test: TestStack;
beforeAll(async () => {
  bystander = await startBystander();
  crm = await startCrmServer();
  test = await startTestStack({ config: withoutPasswords, withPoller: false });
});
afterEach(() => {
  expect(bystander.requests).toEqual([]);
});
afterAll(async () => {
  await test.stop();
  await crm.stop();
  await bystander.stop();
});

const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  );

const statuses = [300, 301, 302, 303, 305, 307, 308];
/** Where to: the bystander in every spelling, and a place of the CRM's own. */
const locations: [string, () => string][] = [
  ['http elsewhere', () => `http://${bystander.host}/people`],
  ['https elsewhere', () => `https://${bystander.host}/people`],
  ['without a scheme', () => `//${bystander.host}/people`],
  ['with user and password', () => `http://api.encharge.io@${bystander.host}/people`],
  ['backslashes', () => `\\\\${bystander.host}\\people`],
  ['another path', () => '/api/elsewhere'],
];

const name = 'encharge';
const id = 'c1';

describe('a CRM that redirects', () => {
  const calls: [string, () => Promise<unknown>][] = [
    ['reading', () => crm.client(name).load(id)],
    ['searching', () => crm.client(name).loadByEmail('ada@example.com')],
    ['writing', () => crm.client(name).writeField(id, 'wpPassword', 'fake-password')],
    ['testing', () => crm.client(name).testCredentials()],
    ['listing fields', () => crm.client(name).fieldNames()],
  ];

  it.each(calls)('%s: nobody follows, and the token goes nowhere else', async (_call, run) => {
    for (const status of statuses) {
      for (const [, location] of locations) {
        const headers = {
          location: location(),
          refresh: `0; url=${location()}`,
          'alt-svc': `h2="${bystander.host}"`,
        };
        crm.answer({ status, headers });
        expect(await thrownBy(run())).toMatchObject({ code: 'crm_answer_invalid', retryable: true });
        expect(crm.received).toHaveLength(1);
      }
    }
  });

  it('with status 200, in headers that only browsers follow', async () => {
    const url = `http://${bystander.host}/`;
    const body = { users: [{ id, tags: '' }] };
    crm.answer({
      body,
      headers: { location: url, 'content-location': url, link: `<${url}>; rel="canonical"` },
    });
    expect(await crm.client(name).load(id)).toMatchObject({ id });
    expect(crm.received).toHaveLength(1);
  });

  it('puts the webhook into the queue', async () => {
    const contact = newContact(test, name);
    test[name].requests.clear();
    test[name].faults.inject({ kind: 'redirect', location: `http://${bystander.host}/`, times: 1 });
    const answer = await webhook(test, name, 'add', contact);
    expect([answer.status, answer.body.data.result]).toEqual([202, 'queued']);
    expect(test.log.at(-1)).toMatchObject({ deferred_by: 'crm_answer_invalid' });
    expect(test[name].requests.count()).toBe(1);
  });
});
