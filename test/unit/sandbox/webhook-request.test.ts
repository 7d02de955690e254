import { expect, it } from '@jest/globals';
import { userEngagePersonShape, userEngageSeed } from '../../../lib/sandbox/userengage-person.ts';
import { webhookRequest } from '../../../lib/sandbox/webhook-request.ts';

const url = new URL('https://hooks.example.com/?wpf_action=add&access_key=fake-key');
const ranAt = new Date('2026-03-14T15:09:26.535Z');

it('Encharge sends the id as JSON', () => {
  const id = 'e0000000-0000-4000-8000-000000000001';
  expect(webhookRequest('encharge', url, { id }, undefined, ranAt)).toEqual({
    method: 'POST',
    url: 'https://hooks.example.com/?wpf_action=add&access_key=fake-key',
    headers: { 'content-type': 'application/json' },
    body: `{"id":"${id}"}`,
  });
});

it('UserEngage sends the user without a content type', () => {
  const ada = userEngagePersonShape.complete(userEngageSeed.people[0] ?? {});
  const { body, ...rest } = webhookRequest('userengage', url, { id: '1' }, ada, ranAt);
  expect(rest).toEqual({ method: 'POST', url: url.href, headers: {} });
  expect(JSON.parse(body)).toEqual({
    path: 6,
    timestamp: '2026-03-14T15:09:26.535000+00:00',
    extra: {},
    user: { id: 1, key: 'key000000001', name: 'Ada Lovelace', email: 'ada@example.com' },
  });
});

it('UserEngage sends the number of a user of whom nothing else is known', () => {
  const { body } = webhookRequest('userengage', url, { id: '7' }, undefined, ranAt);
  expect(JSON.parse(body)).toMatchObject({ user: { id: 7 } });
});
