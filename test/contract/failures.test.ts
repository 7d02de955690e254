import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { takeJobs, workOff } from '../support/jobs.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import { keyOf, request, webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { changeContact, newContact, newEmail, newUser } from './contacts.ts';

/** What is down. */
const down = { sqs: false, documents: false, code: false };
const secret = newEmail('quoted-by-an-error');

/** A client whose calls fail while its service is down, with an error as the SDK makes them. */
function failing<Client extends object>(client: Client, isDown: () => boolean): Client {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'send' || !isDown()) return typeof value === 'function' ? value.bind(target) : value;
      const error = Object.assign(new Error(`not now: ${secret}`), {
        name: 'ServiceUnavailable',
        $metadata: {},
      });
      return () => Promise.reject(error);
    },
  });
}

const adjust = (services: Services): Services => ({
  ...services,
  sqs: failing(services.sqs, () => down.sqs),
  documents: failing(services.documents, () => down.documents),
  random: {
    ...secureRandom,
    uuid() {
      if (down.code) throw new TypeError(`a bug that quotes ${secret}`);
      return secureRandom.uuid();
    },
  },
});

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patient, adjust, withPoller: false });
});
afterAll(() => test.stop());
afterEach(() => {
  Object.assign(down, { sqs: false, documents: false, code: false });
});

const lineOf = (requestId: unknown) => test.log.find((line) => line['request_id'] === requestId);

describe('it could not even be queued', () => {
  const expectUnavailable = ({ status, body, headers }: Awaited<ReturnType<typeof webhook>>) => {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ success: false, error: { code: 'unavailable' } });
    expect(lineOf(body.request_id)).toMatchObject({ error_code: 'unavailable', status: 503 });
  };

  it('async, and the queue is down: 503 with Retry-After', async () => {
    down.sqs = true;
    expectUnavailable(await webhook(test, crm, 'add', newContact(test, crm), { async: 'true' }));
  });

  it('CRM and queue are down: 503 with Retry-After', async () => {
    const { id } = await newUser(test, crm);
    await workOff(test);
    down.sqs = true;
    test[crm].faults.inject({ status: 503 });
    expectUnavailable(await webhook(test, crm, 'update', id));
    test[crm].faults.clear();
  });

  it('a batch, and the queue is down: 503 with Retry-After', async () => {
    down.sqs = true;
    const body = JSON.stringify([1, 2].map((id) => ({ id, user: { id } })));
    expectUnavailable(await request(test, { query: { wpf_action: 'add', access_key: keyOf(test) }, body }));
  });

  it('a new user whose effects cannot be queued is not created', async () => {
    const id = newContact(test, crm);
    down.sqs = true;
    expectUnavailable(await webhook(test, crm, 'add', id, { send_notification: 'true' }));
    expect(await test.userOf(crm, id)).toBeUndefined();
  });

  it('the queue is not needed for what can be applied', async () => {
    const { id } = await newUser(test, crm);
    changeContact(test, crm, id, { tags: ['new'] });
    down.sqs = true;
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('updated');
  });
});

describe('access keys that cannot be read', () => {
  it('are 503 with Retry-After, not 403', async () => {
    const adjustKeys = (services: Services): Services => ({
      ...services,
      keyRing: { ...services.keyRing, connectionOf: () => Promise.reject(secretsManagerError()) },
    });
    const secretsManagerError = () =>
      Object.assign(new Error('no'), { name: 'InternalServiceError', $metadata: {} });
    const other = await startTestStack({ config: patient, adjust: adjustKeys, withPoller: false });
    const answer = await webhook(other, 'encharge', 'add', '1');
    await other.stop();
    expect([answer.status, answer.body.error.code]).toEqual([503, 'unavailable']);
    expect(answer.headers.get('retry-after')).not.toBeNull();
  });
});

describe('a 2xx says only what is durable', () => {
  it('the table is down: the webhook is in the queue, and applied later', async () => {
    const id = newContact(test, crm);
    await workOff(test);
    down.documents = true;
    const answer = await webhook(test, crm, 'add', id);
    expect(answer.status).toBe(202);
    expect(lineOf(answer.headers.get('apigw-requestid'))).toMatchObject({ deferred_by: 'aws_unavailable' });
    down.documents = false;
    expect(await workOff(test)).toContain('done');
    expect(await test.userOf(crm, id)).toBeDefined();
  });

  it('a 202 has its job in the queue, with everything that was asked, and nothing that an add does not have', async () => {
    await workOff(test);
    const id = newContact(test, crm);
    const query = { async: '1', role: 'editor', send_notification: '1', email: 'x@example.com' };
    const { body, headers } = await webhook(test, crm, 'add', id, query);
    expect((await takeJobs(test)).map(({ job }) => job)).toEqual([
      {
        kind: 'webhook',
        id: body.data.job_id,
        action: 'add',
        connection: crm,
        contactId: id,
        role: 'editor',
        sendNotification: true,
        lane: 'live',
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        requestId: headers.get('apigw-requestid'),
        createdAt: expect.any(String),
      },
    ]);
  });

  it('a 200 is read back at once, and its effects are in the queue', async () => {
    await workOff(test);
    const id = newContact(test, crm);
    const { body } = await webhook(test, crm, 'add', id, { send_notification: 'true' });
    expect(await test.userOf(crm, id)).toMatchObject({ id: body.data.user_id });
    const taken = await takeJobs(test);
    expect(taken.map(({ job }) => job)).toMatchObject([{ kind: 'effects', userId: body.data.user_id }]);
  });
});

describe('a bug of ours', () => {
  it('is 500 internal_error, told to the log by place and never by what the error quotes', async () => {
    down.code = true;
    const answer = await webhook(test, crm, 'add', newContact(test, crm));
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual({
      success: false,
      error: { code: 'internal_error', message: expect.any(String) },
      request_id: answer.headers.get('apigw-requestid'),
    });
    const line = lineOf(answer.body.request_id);
    expect(line).toMatchObject({ error_code: 'internal_error', status: 500, error: { name: 'UsherError' } });
    expect(JSON.stringify(line)).toContain('TypeError');
    expect(JSON.stringify(line)).toContain('new-user.ts');
    expect(answer.text + JSON.stringify(line)).not.toContain(secret);
  });
});
