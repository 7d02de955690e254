import { expect, it } from '@jest/globals';
import { formBody } from '../../../lib/sandbox/webhook-body.ts';
import { webhookRequest } from '../../../lib/sandbox/webhook-request.ts';

const url = new URL('https://hooks.example.com/?wpf_action=add&access_key=fake-key');
const ranAt = new Date('2026-03-14T15:09:26.535Z');

it('Encharge sends the id as JSON', () => {
  const id = 'e0000000-0000-4000-8000-000000000001';
  expect(webhookRequest('encharge', url, { id }, ranAt)).toEqual({
    method: 'POST',
    url: 'https://hooks.example.com/?wpf_action=add&access_key=fake-key',
    headers: { 'content-type': 'application/json' },
    body: `{"id":"${id}"}`,
  });
});

it('UserEngage sends the user without a content type', () => {
  const ada = { id: 1, email: 'ada@example.com', fields: { firstName: 'Ada', lastName: 'Lovelace' } };
  const { body, ...rest } = webhookRequest('userengage', url, ada, ranAt);
  expect(rest).toEqual({ method: 'POST', url: url.href, headers: {} });
  expect(JSON.parse(body)).toEqual({
    path: 6,
    timestamp: '2026-03-14T15:09:26.535000+00:00',
    extra: {},
    user: { id: 1, key: 'key000000001', name: 'Ada Lovelace', email: 'ada@example.com' },
  });
});

it('no more than the id need be known, and an id that is an address is both', () => {
  const user = (id: string) => JSON.parse(webhookRequest('userengage', url, { id }, ranAt).body).user;
  expect(user('7')).toMatchObject({ id: 7, email: null });
  expect(user('')).toMatchObject({ id: 0 });
  expect(user('ada@example.com')).toMatchObject({ email: 'ada@example.com' });
});

it('a form nests by brackets', () => {
  const { headers, body } = formBody({ type: 'x y', contact: { id: 7, tags: ['a', null] } });
  expect(headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' });
  expect(decodeURIComponent(body)).toBe('type=x+y&contact[id]=7&contact[tags][0]=a&contact[tags][1]=');
});
