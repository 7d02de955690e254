import { expect, it } from '@jest/globals';
import type { Payload } from '../../../functions/webhook/body.ts';
import { unknownParameters } from '../../../functions/webhook/unknown-parameters.ts';

const none: Payload = { kind: 'none' };
const json = (value: unknown): Payload => ({ kind: 'json', value });

it.each<[query: string, names: string[]]>([
  ['role=a&send_notification=1&async=&email=&contact_id=&wpf_action=&access_key=', []],
  ['role[]=a', ['role[]']],
  ['role[0]=a&role[ada@example.com]=b', ['role[]']],
  ['send-notification=1&sendNotification=1', ['send-notification', 'sendNotification']],
  ['Role=a&ROLE=b&Role=c', ['Role', 'ROLE']],
  ['contactId=1&contact-id=2&contact+id=3&e-mail=4', ['contactId', 'contact-id', 'contact id', 'e-mail']],
  ['+role=a', ['role']],
  ['wpf.action=add&AccessKey=x', ['wpf.action', 'AccessKey']],
  ['utm_source=x&id=1&roles=a&rolle=b&name=c', []],
  [`${'r'.repeat(100)}=1&role\u0000=1&role[=1&__proto__=1&constructor=1`, []],
])('in the query: %s', (query, names) => {
  expect(unknownParameters(new URLSearchParams(query), none)).toEqual(names);
});

it('in a body that is meant for Usher, and in no other', () => {
  const names = (payload: Payload) => unknownParameters(new URLSearchParams('Role=a'), payload);
  expect(names(json({ access_key: 'k', 'send-notification': true, Role: 'a' }))).toEqual([
    'Role',
    'send-notification',
  ]);
  expect(names(json({ 'send-notification': true, Email: 'x' }))).toEqual(['Role']);
  expect(names(json([{ access_key: 'k', 'role[]': 'a' }]))).toEqual(['Role']);
  expect(names({ kind: 'form', fields: new URLSearchParams('wpf_action=add&role[]=a') })).toEqual([
    'Role',
    'role[]',
  ]);
});
