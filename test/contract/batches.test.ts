import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { takeJobs, workOff } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { newContact } from './contacts.ts';

useTestStack({ config: patient, withPoller: false });
// What a test left in the queue is not the next one's.
afterEach(async () => {
  await takeJobs(test);
});

const send = (payload: unknown, query: Record<string, string> = {}) => {
  return request(test, {
    query: { wpf_action: 'add', access_key: keyOf(test), ...query },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
};

/** Where a list may stand: the whole body, or within it. */
const shapes: [string, (ids: string[]) => unknown][] = [
  ['an array body', (ids) => ids.map((id) => ({ id }))],
  [
    'endUserData of an event subscription',
    (ids) => ({ eventType: 'tagAdded', eventPayload: {}, endUserData: ids.map((id) => ({ id })) }),
  ],
];
const element = (id: string) => ({ id });
/** Ids of nobody, new ones each time: a taken job keeps the later ones of its contact back. */
const someIds = (count: number) => Array.from({ length: count }, () => randomUUID());

describe.each(shapes)('%s', (_name, write) => {
  it('is queued, one job for each contact, and applied by them', async () => {
    const ids = [newContact(test, crm), newContact(test, crm), newContact(test, crm)];
    const answer = await send(write(ids), { role: 'customer', send_notification: 'true' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const text = expect.any(String);
    const data = {
      method: 'add',
      result: 'queued',
      job_ids: [text, text, text],
      reason: 'batch',
      warnings: [],
    };
    expect(answer.body).toEqual({ success: true, data });
    expect(await Promise.all(ids.map((id) => test.userOf(crm, id)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);

    const mails = test.ses.mails.length;
    expect(new Set(await workOff(test))).toEqual(new Set(['done']));
    for (const id of ids) expect(await test.userOf(crm, id)).toMatchObject({ role: 'customer' });
    expect(test.ses.mails.length - mails).toBe(3);
  });

  it('is de-duplicated by contact id', async () => {
    const [first = '', second = ''] = someIds(2);
    const answer = await send(write([first, second, first, first]));
    expect(answer.body.data.job_ids).toHaveLength(2);
    const jobs = (await takeJobs(test)).map(({ job }) => job);
    expect(jobs.map(({ contactId }) => contactId).sort()).toEqual([first, second].sort());
    expect(jobs.map(({ id }) => id).sort()).toEqual([...answer.body.data.job_ids].sort());
  });

  it('with a single element is a batch too', async () => {
    const answer = await send(write(someIds(1)));
    expect(answer.status).toBe(202);
    expect(answer.body.data.job_ids).toHaveLength(1);
  });

  it('that is empty is 400 contact_id_missing', async () => {
    const answer = await send(write([]));
    expect([answer.status, answer.body.error.code]).toEqual([400, 'contact_id_missing']);
  });

  it('of 1,000 contacts is taken', async () => {
    const ids = someIds(1000);
    const answer = await send(write(ids));
    expect(answer.status).toBe(202);
    expect(new Set(answer.body.data.job_ids).size).toBe(1000);
    const jobs = (await takeJobs(test)).map(({ job }) => job.contactId);
    expect(jobs.sort()).toEqual(ids.sort());
  });

  it('of 1,001 elements is 413 and queues nothing, however often they repeat', async () => {
    const [id = ''] = someIds(1);
    for (const ids of [someIds(1001), Array.from({ length: 1001 }, () => id)]) {
      const answer = await send(write(ids));
      expect([answer.status, answer.body.error.code]).toEqual([413, 'payload_too_large']);
    }
    expect(await takeJobs(test)).toEqual([]);
  });

  it('is overridden by contact_id', async () => {
    const contact_id = newContact(test, crm);
    const answer = await send(write(someIds(2)), { contact_id });
    expect(answer.body.data).toMatchObject({ result: 'created', contact_id });
  });
});

describe('elements without an id', () => {
  it('are counted in a warning; the others are queued', async () => {
    const [id = ''] = someIds(1);
    const answer = await send([element(id), {}, null, 'text', 7, { user: {} }]);
    expect(answer.status).toBe(202);
    expect(answer.body.data.job_ids).toHaveLength(1);
    expect(answer.body.data.warnings).toEqual(['contact_id_missing:5']);
  });

  it('only are 400 contact_id_missing', async () => {
    const answer = await send([{}, {}]);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'contact_id_missing']);
  });
});

describe('the jobs of a batch', () => {
  it.each([
    ['add', { role: 'editor', sendNotification: true }],
    ['update', { role: 'editor', sendNotification: false }],
    ['update_tags', { role: undefined, sendNotification: false }],
  ])('do what was asked for, as far as the action has it: %s', async (wpf_action, asked) => {
    const ids = someIds(2);
    const query = { wpf_action, role: 'editor', send_notification: '1' };
    const { headers } = await send(ids.map(element), query);
    const jobs = (await takeJobs(test)).map(({ job }) => job);
    expect(jobs).toHaveLength(2);
    for (const job of jobs) {
      const { role, sendNotification } = { role: undefined, sendNotification: undefined, ...job };
      expect({ role, sendNotification }).toEqual(asked);
      expect(job).toMatchObject({
        kind: 'webhook',
        action: wpf_action,
        connection: crm,
        lane: 'batch',
        requestId: headers.get('apigw-requestid'),
      });
    }
  });

  it('do not wait for one another: one that is refused leaves the others', async () => {
    const good = newContact(test, crm);
    const [gone = ''] = someIds(1);
    await send([gone, newContact(test, crm, { email: null }), good].map(element));
    // The one that the CRM does not show yet rests, the others are done.
    expect((await workOff(test)).filter((result) => result === 'failed')).toHaveLength(1);
    expect(await test.userOf(crm, good)).toBeDefined();
    const codes = test.log.filter(({ message }) => message === 'job').map(({ error_code }) => error_code);
    expect(codes).toEqual(expect.arrayContaining(['contact_not_found', 'email_missing']));
  });
});
