import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { findByEmail } from '../../functions/users/find.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import { changeContact, fieldInCrm } from '../contract/contacts.ts';
import { mailsTo, newEmail, putContact } from '../integration/contacts.ts';
import { jsonLines } from '../support/cli-stack.ts';
import { expectRefusals } from '../support/expect-refusals.ts';
import { webhook } from '../support/webhook.ts';
import { cli, keyTo, newUser, run, setPassword, stored, useUserCommands, welcomed } from './user-commands.ts';

useUserCommands();
beforeAll(async () => {
  await appendFile(join(cli.folder, 'no.log'), '');
});

describe('usher user set-email', () => {
  it('ends password and key, and mails the new address', async () => {
    const user = await newUser(welcomed);
    await setPassword(user, keyTo(user.email));
    await run(['resend', '--id', user.id]);
    const old = keyTo(user.email);
    const [to, mails] = [newEmail('moved'), mailsTo(cli.test, user.email).length];
    expect((await run(['set-email', '--id', user.id, '--to', to])).code).toBe(0);
    const after = await stored(user);
    expect(after).toMatchObject({ email: to, tags: ['vip'], contacts: user.contacts });
    expect(after?.passwordHash).toBeUndefined();
    expect(await setPassword(user, old)).toBe(false);
    expect(await setPassword(user, keyTo(to))).toBe(true);
    expect(mailsTo(cli.test, user.email)).toHaveLength(mails + 1);
    expect(mailsTo(cli.test, user.email).at(-1)?.text).not.toContain('key=');
    expect(after).toMatchObject({ login: to });
    expect(await findByEmail(cli.test.users, user.email)).toBeUndefined();
  });

  it('returns a new password only to a CRM whose contact has the address: others may mail it to the old one', async () => {
    const user = await newUser();
    const field = () =>
      String(fieldInCrm(cli.test, 'userengage', user.contacts['userengage'] ?? '', 'wp_password'));
    const first = field();
    await run(['set-email', '--id', user.id, '--to', newEmail('moved')]);
    expect(field()).toBe(first);
    expect((await stored(user))?.passwordHash).toBeUndefined();
    await run(['set-email', '--id', user.id, '--to', user.email]);
    expect(field()).not.toBe(first);
    expect(await verifyPassword(field(), String((await stored(user))?.passwordHash))).toBe(true);
  });

  it('is not undone by a contact that keeps its address, but by the next one that it gets', async () => {
    const user = await newUser();
    const id = user.contacts['userengage'] ?? '';
    const [to, next] = [newEmail('moved'), newEmail('next')];
    await run(['set-email', '--id', user.id, '--to', to]);
    await webhook(cli.test, 'userengage', 'update', id);
    expect(await stored(user)).toMatchObject({ email: to });
    changeContact(cli.test, 'userengage', id, { email: next });
    await webhook(cli.test, 'userengage', 'update', id);
    expect(await stored(user)).toMatchObject({ email: next, login: next });
  });

  it('sends no mail to somebody who never had one, and says how to', async () => {
    const user = await newUser();
    const to = newEmail('moved');
    const { err } = await run(['set-email', '--id', user.id, '--to', to]);
    expect(err).toContain(`user resend --id ${user.id}`);
    expect(mailsTo(cli.test, to)).toEqual([]);
  });

  it('leaves the password alone when only the spelling changes', async () => {
    const user = await newUser(welcomed);
    await setPassword(user, keyTo(user.email));
    const to = user.email.toUpperCase();
    await run(['set-email', '--id', user.id, '--to', to]);
    expect(await stored(user)).toMatchObject({ email: to, passwordHash: expect.any(String) });
    expect((await run(['set-email', '--id', user.id, '--to', to])).line).toMatchObject({
      result: 'unchanged',
    });
  });

  it('refuses what is taken, and what no mail reaches', async () => {
    const [user, other] = [await newUser(), await newUser()];
    const to = (address: string) => ['user', 'set-email', '--id', user.id, '--to', address, '--yes'];
    await expectRefusals(cli.local, [
      [to(other.email), 1, `belongs to the user ${other.id}`],
      [to('nobody'), 1, '--to is no e-mail address'],
      [to('a\u200Bda@example.com'), 1, 'it holds U+200B'],
      [to('zoë@example.com'), 1, 'SES takes no mail'],
    ]);
    expect(await stored(user)).toEqual(user);
  });
});

describe('usher user link and unlink', () => {
  it('link a contact, in the spelling of its CRM, and unlink it', async () => {
    const user = await newUser();
    const contactId = putContact(cli.test, 'encharge', { email: newEmail(), tags: [] });
    const link = ['link', '--email', user.email, '--connection', 'encharge', '--contact'];
    const { line } = await run([...link, contactId.toUpperCase()]);
    expect(line).toMatchObject({ action: 'link', connection: 'encharge', contact_id: contactId });
    expect(await cli.test.userOf('encharge', contactId)).toMatchObject({ id: user.id });
    expect((await run([...link, contactId])).line).toMatchObject({ result: 'unchanged' });

    const other = putContact(cli.test, 'encharge', { email: newEmail(), tags: [] });
    await run([...link, other]);
    expect(await cli.test.userOf('encharge', contactId)).toBeUndefined();
    const unlink = ['unlink', '--contact', other, '--connection', 'encharge'];
    expect((await run(unlink)).line).toMatchObject({ action: 'unlink', result: 'updated' });
    expect(await cli.test.userOf('encharge', other)).toBeUndefined();
    expect((await stored(user))?.contacts).toEqual(user.contacts);
  });

  it('leave a user without contacts that still gets its mail', async () => {
    const user = await newUser();
    await run(['unlink', '--id', user.id, '--connection', 'userengage']);
    expect(await stored(user)).toMatchObject({ contacts: {}, email: user.email });
    await run(['resend', '--id', user.id]);
    expect(mailsTo(cli.test, user.email)).toHaveLength(1);
    expect(cli.test.log.at(-1)).toMatchObject({
      action: 'effects',
      result: 'welcome_mail',
      connection: 'none',
    });
  });

  it('take no contact from another user, and no id that is none', async () => {
    const [user, other] = [await newUser(), await newUser()];
    const link = ['user', 'link', '--id', user.id, '--yes', '--connection'];
    await expectRefusals(cli.local, [
      [[...link, 'userengage', '--contact', String(other.contacts['userengage'])], 1, `user ${other.id}`],
      [[...link, 'userengage', '--contact', 'seven'], 1, '--contact is no id of userengage'],
      [[...link, 'other', '--contact', '7'], 2, 'There is no connection "other"'],
      [['user', 'link', '--connection', 'userengage', '--contact', '7'], 2, 'Say which user'],
      [['user', 'unlink', '--id', user.id], 2, 'Say which connection'],
    ]);
  });
});

describe('usher user set-role', () => {
  it('gives and takes privileged roles, whatever webhooks said before', async () => {
    const user = await newUser();
    await run(['set-role', '--id', user.id, '--role', 'administrator']);
    expect(await stored(user)).toMatchObject({ role: 'administrator', roleAt: expect.any(String) });
    const { line } = await run(['set-role', '--id', user.id, '--role', 'subscriber'], cli.deployed);
    expect(line).toMatchObject({ action: 'set-role', role: 'subscriber', result: 'updated' });
    expect(await stored(user)).toMatchObject({ role: 'subscriber' });
    const before = await stored(user);
    await run(['set-role', '--id', user.id, '--role', 'subscriber']);
    // A webhook that waits in the queue since before is older than what the operator wants.
    expect(Date.parse(String((await stored(user))?.roleAt))).toBeGreaterThan(
      Date.parse(String(before?.roleAt)),
    );
    await expectRefusals(cli.local, [
      [['user', 'set-role', '--id', user.id, '--role', 'king', '--yes'], 2, 'There is no role "king"'],
      [['user', 'set-role', '--id', user.id], 2, "required option '--role <slug>'"],
    ]);
  });
});

describe('commands that change a user', () => {
  it('ask first, name the user, and do nothing when nobody answers', async () => {
    const user = await newUser();
    const named = ['--id', user.id];
    const all = [
      ['resend', ...named],
      ['set-role', ...named, '--role', 'administrator'],
      ['set-email', ...named, '--to', newEmail()],
      ['link', ...named, '--connection', 'encharge', '--contact', 'e0000000-0000-4000-8000-00000000abcd'],
      ['unlink', ...named, '--connection', 'userengage'],
    ];
    const person = `This is user ${user.id} (${user.email}) of the local stack. There is no terminal to ask on`;
    await expectRefusals(
      cli.local,
      all.map((words) => [['user', ...words], 1, person]),
    );
    expect(await stored(user)).toEqual(user);
  });

  it('leave a line in the log of the function, without the address', async () => {
    const user = await newUser();
    await run(['set-role', '--id', user.id, '--role', 'administrator']);
    await run(['set-role', '--id', user.id, '--role', 'subscriber'], cli.deployed);
    const logs = ['logs', '--user', user.id, '--json'];
    for (const role of ['administrator', 'subscriber']) {
      const on = role === 'administrator' ? cli.local : cli.deployed;
      expect(jsonLines((await on(logs)).out)).toEqual([
        expect.objectContaining({ message: 'operator', role }),
      ]);
    }
    expect(await readFile(join(cli.folder, 'no.log'), 'utf8')).not.toContain('@');
  });

  it('are done although the log may not be written, and say so', async () => {
    const user = await newUser();
    cli.stage.refuse('PutLogEvents', 'AccessDeniedException');
    const { code, err } = await run(['resend', '--id', user.id], cli.deployed);
    cli.stage.allowAll();
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('This is not in the log.') });
    expect(mailsTo(cli.test, user.email)).toHaveLength(1);
  });
});
