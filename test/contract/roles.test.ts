import { describe, expect, it } from '@jest/globals';
import { updateUser } from '../../functions/users/update.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newContact, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

type Given = { parameter?: string; inCrm?: string };
const draftOf = ({ inCrm }: Given) => (inCrm === undefined ? {} : { custom: { user_role: inCrm } });
const queryOf = ({ parameter }: Given): Record<string, string> =>
  parameter === undefined ? {} : { role: parameter };

describe('the role of a new user', () => {
  const cases: [string, Given, string, string[]][] = [
    ['none given: the default', {}, 'subscriber', []],
    ['the parameter, by display name', { parameter: 'Customer' }, 'customer', []],
    ['the CRM field comes before the parameter', { inCrm: 'editor', parameter: 'customer' }, 'editor', []],
    ['an empty CRM field does not', { inCrm: ' ', parameter: 'customer' }, 'customer', []],
    ['an unregistered one: the default and a warning', { parameter: 'boss' }, 'subscriber', ['role_unknown']],
    ['a privileged one is never given', { parameter: 'administrator' }, 'subscriber', ['role_privileged']],
    ['nor from the CRM', { inCrm: 'administrator' }, 'subscriber', ['role_privileged']],
  ];

  it.each(cases)('%s', async (_name, given, role, warnings) => {
    const id = newContact(test, crm, draftOf(given));
    const answer = await webhook(test, crm, 'add', id, queryOf(given));
    expect(answer.body.data).toMatchObject({ result: 'created', warnings });
    expect(await test.userOf(crm, id)).toMatchObject({ role });
  });
});

describe('the role of an existing user', () => {
  const cases: [string, string, Given, string, string[]][] = [
    ['none given: it stays', 'editor', {}, 'editor', []],
    ['the CRM field', 'editor', { inCrm: 'Customer' }, 'customer', []],
    [
      'the CRM field before the parameter',
      'editor',
      { inCrm: 'customer', parameter: 'subscriber' },
      'customer',
      [],
    ],
    ['an unregistered one: it stays', 'editor', { parameter: 'boss' }, 'editor', ['role_unknown']],
    ['a privileged one: it stays', 'editor', { parameter: 'administrator' }, 'editor', ['role_privileged']],
    [
      'of an administrator: it stays',
      'administrator',
      { parameter: 'customer' },
      'administrator',
      ['role_privileged'],
    ],
    ['nor by the CRM field', 'administrator', { inCrm: 'customer' }, 'administrator', ['role_privileged']],
  ];

  it.each(cases)('%s (was %s)', async (_name, before, given, role, warnings) => {
    const { id } = await newUser(test, crm);
    await test.idle();
    await updateUser(test.users, await existingUser(test, crm, id), { role: before });
    changeContact(test, crm, id, draftOf(given));
    for (const action of ['update', 'add']) {
      const answer = await webhook(test, crm, action, id, queryOf(given));
      expect([answer.status, answer.body.data.warnings]).toEqual([200, warnings]);
      expect(await test.userOf(crm, id)).toMatchObject({ role });
    }
  });
});
