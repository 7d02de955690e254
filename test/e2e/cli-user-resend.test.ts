import { describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import { fieldInCrm } from '../contract/contacts.ts';
import { mailsTo, newEmail, putContact } from '../integration/contacts.ts';
import { newUser as newUserOf } from '../integration/store.ts';
import { expectRefusals } from '../support/expect-refusals.ts';
import { bounceOf, tellOfMail } from '../support/ses-events.ts';
import { cli, keyTo, newUser, run, setPassword, stored, useUserCommands, welcomed } from './user-commands.ts';

useUserCommands();

describe('usher user resend', () => {
  it('mails a new key, and the one before is over', async () => {
    const user = await newUser(welcomed);
    const first = keyTo(user.email);
    const { code, err, line } = await run(['resend', '--email', user.email]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(line).toMatchObject({
      message: 'operator',
      action: 'resend',
      user_id: user.id,
      result: 'updated',
    });
    expect(mailsTo(cli.test, user.email)).toHaveLength(2);
    expect(await setPassword(user, first)).toBe(false);
    expect(await setPassword(user, keyTo(user.email))).toBe(true);
    expect(await stored(user)).toMatchObject({ effects: {}, version: user.version + 1 });
  });

  it('asks whose the password is that an earlier release has left pending, and returns it there', async () => {
    const ids = ['userengage', 'encharge'].map((crm) => [
      crm,
      putContact(cli.test, crm as 'encharge', { email: newEmail(), tags: [] }),
    ]);
    const since = '2026-01-01T00:00:00.000Z';
    const effects = { return_password: { since } };
    const contacts = Object.fromEntries(ids) as Record<string, string>;
    const user = await createUser(cli.test.users, newUserOf({ contacts, effects }));
    const resend = ['user', 'resend', '--id', user.id, '--yes'];
    await expectRefusals(cli.local, [
      [resend, 1, `user resend --id ${user.id} --connection encharge|userengage`],
      [[...resend, '--connection', 'other'], 1, 'does not say which CRM'],
    ]);
    expect(await stored(user)).toMatchObject({ effects, version: 1 });
    expect((await run(['resend', '--id', user.id, '--connection', 'encharge'])).code).toBe(0);
    expect(mailsTo(cli.test, user.email)).toHaveLength(1);
    const password = fieldInCrm(cli.test, 'encharge', String(contacts['encharge']), 'wpPassword');
    const after = await stored(user);
    expect(after?.effects).toEqual({});
    expect(await verifyPassword(String(password), String(after?.passwordHash))).toBe(true);
    const other = fieldInCrm(cli.test, 'userengage', String(contacts['userengage']), 'wp_password');
    expect(other).toBeUndefined();
  });

  it('reaches a mailbox that has bounced, and says what SES wants', async () => {
    const user = await newUser();
    await tellOfMail(cli.test, bounceOf(user.email));
    const got = await cli.local(['user', 'get', '--id', user.id]);
    expect(got.out).toMatch(/^mailbox +bounced 2026-03-01T12:00:00.000Z$/m);
    const { code, err } = await run(['resend', '--id', user.id], cli.deployed);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('delete-suppressed-destination') });
    expect(mailsTo(cli.test, user.email)).toHaveLength(1);
    expect((await stored(user))?.mail).toBeUndefined();
  });
});
