import { expect, it } from '@jest/globals';
import { updateUser } from '../../functions/users/update.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { changeContact, existingUser, newContact, newUser } from '../contract/contacts.ts';
import { workOff } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, webhook } from '../support/webhook.ts';

const { roles } = withoutPasswords;
const chief = { slug: 'shop-owner', name: 'Käufer-Chef ＡＤＭＩＮ', privileged: true };
useTestStack({
  config: { ...withoutPasswords, roles: { ...roles, list: [...roles.list, chief] } },
  withPoller: false,
});

const privileged = ['administrator', 'shop-owner'];
/** Every way to write a privileged role that we could think of. */
const spellings = [
  'administrator',
  'Administrator',
  'ADMINISTRATOR',
  'aDMINISTRATOr',
  ' administrator ',
  '\tadministrator\n',
  '\u00A0administrator\u00A0',
  '\uFEFFadministrator',
  'administrator\u0000',
  'adminis\u200Btrator',
  'ａｄｍｉｎｉｓｔｒａｔｏｒ',
  'admınıstrator',
  'ADMİNİSTRATOR',
  'аdministrator',
  'administrator,subscriber',
  'subscriber,administrator',
  'subscriber administrator',
  'customer\nadministrator',
  '["administrator"]',
  'shop-owner',
  'SHOP-OWNER',
  'Käufer-Chef ＡＤＭＩＮ',
  'käufer-chef ａｄｍｉｎ',
  'KÄUFER-CHEF ＡＤＭＩＮ',
  'Ka\u0308ufer-Chef ＡＤＭＩＮ',
  'Käufer-Chef ADMIN',
];

it.each(spellings)('with %j, at once or queued, as parameter or from the CRM', async (role) => {
  const asParameter = newContact(test, crm);
  const inCrm = newContact(test, crm, { custom: { user_role: role } });
  const queued = newContact(test, crm);
  const query = { wpf_action: 'add', access_key: String(test.stack.connections[crm]?.accessKey) };
  await webhook(test, crm, 'add', asParameter, { role });
  await webhook(test, crm, 'add', inCrm);
  await webhook(test, crm, 'add', queued, { role, async: 'true' });
  await request(test, { query: { ...query, contact_id: asParameter }, body: JSON.stringify({ role }) });
  await request(test, {
    query: { ...query, contact_id: asParameter },
    body: String(new URLSearchParams({ role })),
  });
  await workOff(test);
  changeContact(test, crm, queued, { custom: { user_role: role } });
  await webhook(test, crm, 'update', queued, { role });
  for (const id of [asParameter, inCrm, queued]) {
    expect(privileged).not.toContain((await existingUser(test, crm, id)).role);
  }
});

it('by a list, an object, or a second parameter', async () => {
  const id = newContact(test, crm);
  const query = { wpf_action: 'add', access_key: keyOf(test), contact_id: id };
  for (const role of [['administrator'], { slug: 'administrator' }, [['administrator']]]) {
    const answer = await request(test, { query, body: JSON.stringify({ wpf_action: 'add', role }) });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_parameter']);
  }
  const twice = new URLSearchParams([
    ...Object.entries(query),
    ['role', 'customer'],
    ['role', 'administrator'],
  ]);
  await request(test, { path: `/?${twice}` });
  expect(await existingUser(test, crm, id)).toMatchObject({ role: 'customer' });
  changeContact(test, crm, id, { custom: { user_role: ['administrator'] } });
  const answer = await webhook(test, crm, 'update', id);
  expect(answer.body.data.warnings).toEqual(['role_privileged']);
  expect(await existingUser(test, crm, id)).toMatchObject({ role: 'customer' });
});

it('nor takes it away, from whomever it was given by hand', async () => {
  const { id } = await newUser(test, crm);
  await updateUser(test.users, await existingUser(test, crm, id), { role: 'shop-owner' });
  for (const role of ['subscriber', 'administrator', 'boss', '__proto__', '']) {
    for (const action of ['add', 'update', 'update_tags']) await webhook(test, crm, action, id, { role });
    expect(await existingUser(test, crm, id)).toMatchObject({ role: 'shop-owner' });
  }
});
