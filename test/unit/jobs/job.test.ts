import { describe, expect, it } from '@jest/globals';
import {
  type EffectsJob,
  messageGroup,
  parseJob,
  type WebhookJob,
  webhookJobId,
} from '../../../functions/jobs/job.ts';

const webhook: WebhookJob = {
  kind: 'webhook',
  id: 'j1',
  action: 'add',
  connection: 'encharge',
  contactId: 'c1',
  sendNotification: false,
  lane: 'live',
  receivedAt: '2026-03-01T11:59:59.000Z',
  requestId: 'r1',
  createdAt: '2026-03-01T12:00:00.000Z',
};
const effects: EffectsJob = {
  kind: 'effects',
  id: 'j2',
  userId: 'u1',
  connection: 'encharge',
  contactId: 'c1',
  lane: 'batch',
  requestId: 'r1',
  createdAt: '2026-03-01T12:00:00.000Z',
};

describe('the message group', () => {
  it('is the same for one contact, whatever is asked of it', () => {
    const other: WebhookJob = {
      ...webhook,
      id: 'j9',
      action: 'update_tags',
      role: 'customer',
      email: 'ada@example.com',
      sendNotification: true,
      requestId: 'r9',
      createdAt: '2026-03-02T12:00:00.000Z',
    };
    expect(messageGroup(other)).toBe(messageGroup(webhook));
  });

  it('is stable: jobs that wait during a deployment stay in order', () => {
    expect(messageGroup(webhook)).toBe('302a49c347c85e838e98cb99b41f03e760bcac80e5a3c52e7812cb48365bf2bb');
    expect(messageGroup(effects)).toBe('96422cd511d3a900718c1747c122804aba0ef513c5ee97dd8e09a3a4aa1c9c86');
  });

  it('is another one for anything else', () => {
    const { contactId: _contactId, ...withoutContact } = webhook;
    const groups = [
      webhook,
      effects,
      { ...webhook, contactId: 'c2' },
      { ...webhook, contactId: 'u1' },
      { ...webhook, connection: 'userengage' },
      { ...webhook, connection: 'encharge","c', contactId: '1' },
      { ...effects, userId: 'u2' },
      { ...effects, userId: 'c1' },
      { ...withoutContact, email: 'ada@example.com' },
      { ...withoutContact, email: 'eve@example.com' },
      { ...withoutContact, contactEmail: 'eva@example.com', email: 'ada@example.com' },
      { ...webhook, contactId: '' },
      { ...webhook, contactId: 'ada@example.com' },
    ].map(messageGroup);
    expect(new Set(groups).size).toBe(groups.length);
  });

  it.each(['x'.repeat(256), '👩‍👩‍👧‍👦'.repeat(36), '#/? &\n\u0000', '__proto__'])(
    'fits SQS for contact %j',
    (contactId) => {
      expect(messageGroup({ ...webhook, contactId })).toMatch(/^[0-9a-f]{1,128}$/);
    },
  );
});

describe('the id of a webhook’s job', () => {
  it('is the same however often the webhook is stored, and fits SQS', () => {
    const { requestId, connection, contactId } = webhook;
    const id = webhookJobId(webhook);
    expect(webhookJobId({ requestId, connection, contactId })).toBe(id);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another one for every other request, contact, address or connection', () => {
    const ids = [
      webhook,
      { ...webhook, requestId: 'r2' },
      { ...webhook, contactId: 'c2' },
      { ...webhook, connection: 'userengage' },
      { ...webhook, contactId: '' },
      { ...webhook, contactId: undefined, email: 'ada@example.com' },
      { ...webhook, contactId: undefined, email: 'eve@example.com' },
      { ...webhook, contactId: undefined, contactEmail: 'eva@example.com', email: 'ada@example.com' },
      { ...webhook, contactId: 'ada@example.com' },
    ].map(webhookJobId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a message', () => {
  it.each([
    webhook,
    effects,
    { ...effects, awaits: 'welcome_mail' },
    { ...webhook, lane: 'batch', after: 'failure' },
    { ...webhook, after: 'contact_not_found' },
    { ...webhook, contactId: undefined, email: 'ada@example.com', role: 'customer' },
    { ...webhook, contactId: undefined, contactEmail: 'ada@example.com' },
  ])('comes back as it was sent: $kind', (job) => {
    expect(parseJob(JSON.stringify(job))).toEqual(job);
  });

  it('of an earlier release came in when it was queued', () => {
    const { receivedAt: _receivedAt, ...earlier } = webhook;
    expect(parseJob(JSON.stringify({ ...earlier, wasTried: true }))).toEqual({
      ...webhook,
      receivedAt: webhook.createdAt,
    });
  });

  it.each([webhook, effects])(
    'of an earlier release stands in the live line: $kind',
    ({ lane: _lane, ...earlier }) => {
      expect(parseJob(JSON.stringify(earlier)).lane).toBe('live');
    },
  );

  it.each([
    ['', 'no JSON'],
    ['{"kind":"other"}', 'of another kind'],
    ['null', 'nothing'],
    [JSON.stringify({ ...webhook, action: undefined }), 'without an action'],
    [JSON.stringify({ ...webhook, sendNotification: 'true' }), 'with a text for a boolean'],
    [JSON.stringify({ ...effects, userId: undefined }), 'without its user'],
    [JSON.stringify({ ...webhook, lane: 'fast' }), 'in a line that there is not'],
    [JSON.stringify({ ...webhook, after: 'lunch' }), 'after what is no reason'],
    [JSON.stringify({ ...effects, awaits: 'return_password' }), 'for what is never asked for later'],
  ])('%s is refused: %s', (body) => {
    expect(() => parseJob(body)).toThrow();
  });
});
