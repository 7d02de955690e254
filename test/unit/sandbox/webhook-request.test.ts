import { expect, it } from '@jest/globals';
import { formBody } from '../../../lib/sandbox/webhook-body.ts';
import { webhookRequest } from '../../../lib/sandbox/webhook-request.ts';

const url = new URL('https://hooks.example.com/?wpf_action=add&access_key=fake-key');
const ranAt = new Date('2026-03-14T15:09:26.535Z');

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
