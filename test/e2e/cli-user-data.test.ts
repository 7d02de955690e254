import { beforeAll, describe, expect, it } from '@jest/globals';
import { loggedIds } from '../../functions/runtime/log.ts';
import { storedItems } from '../../functions/users/stored-items.ts';
import type { User } from '../../functions/users/user.ts';
import { newEmail, putContact } from '../integration/contacts.ts';
import { inconsistencies, itemsOfUser } from '../integration/table-state.ts';
import { cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import { expectRefusals } from '../support/expect-refusals.ts';
import { webhook } from '../support/webhook.ts';

useCliStack();

/** A user with a password and 250 tags, linked to a contact of each CRM. */
async function linkedUser(): Promise<User> {
  const email = newEmail();
  const tags = Array.from({ length: 250 }, (_, number) => `tag ${number}`);
  const id = putContact(cli.test, 'encharge', { email, tags });
  await webhook(cli.test, 'encharge', 'add', id, { send_notification: 'true' });
  await webhook(cli.test, 'userengage', 'add', putContact(cli.test, 'userengage', { email, tags }));
  await cli.test.idle();
  const user = await cli.test.userOf('encharge', id);
  if (!user) throw new Error('There is no user.');
  return user;
}

describe('the data of a person, the local stack', () => {
  let user: User;
  beforeAll(async () => {
    user = await linkedUser();
  });

  it('is exported item by item, without hashes', async () => {
    const { code, out, err } = await cli.local(['user', 'export', '--id', user.id, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [answer] = jsonLines(out) as [{ items: { pk: string }[]; log_ids: object }];
    // The user, its address and username, two links, 250 tags.
    expect(answer.items).toHaveLength(255);
    expect(answer.items).toEqual(await storedItems(cli.test.users, user.id));
    expect(answer.items[0]).toMatchObject({ email: user.email, hasPassword: true, hasSetPasswordKey: true });
    expect(answer.log_ids).toEqual({
      user: user.id,
      contacts: [
        { connection: 'encharge', contact: loggedIds(String(user.contacts['encharge'])) },
        { connection: 'userengage', contact: loggedIds(String(user.contacts['userengage'])) },
      ],
    });
    expect(out).not.toContain('argon2id');
    expect(out).not.toContain('"hash"');
  });

  it('is exported for people to read as well, and found by address and contact', async () => {
    const byEmail = await cli.local(['user', 'export', '--email', user.email.toUpperCase()]);
    expect(byEmail.out.split('\n').length).toBeGreaterThan(255);
    expect(JSON.parse(byEmail.out)).toMatchObject({ log_ids: { user: user.id } });
    const contact = String(user.contacts['encharge']).toUpperCase();
    const byContact = await cli.local(['user', 'export', '--contact', contact, '--connection', 'encharge']);
    expect(JSON.parse(byContact.out)).toMatchObject({ log_ids: { user: user.id } });
  });

  it('is not deleted when nobody can be asked', async () => {
    const { code, out, err } = await cli.local(['user', 'delete', '--id', user.id]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`This deletes user ${user.id} (${user.email})`);
    expect(err).toContain('add --yes');
    expect(await storedItems(cli.test.users, user.id)).toHaveLength(255);
  });

  it('is deleted, to the last item', async () => {
    const { code, out, err } = await cli.local(['user', 'delete', '--email', user.email, '--yes', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(jsonLines(out)).toEqual([{ deleted: user.id, items: 255 }]);
    expect(await itemsOfUser(cli.test.users, user)).toEqual([]);
    expect(await inconsistencies(cli.test.users)).toEqual([]);
    const again = await cli.local(['user', 'delete', '--id', user.id, '--yes']);
    expect(again).toEqual({ code: 1, out: '', err: 'There is no such user.\n' });
  });

  it('is a new user after the next add', async () => {
    const contactId = String(user.contacts['encharge']);
    const answer = await webhook(cli.test, 'encharge', 'add', contactId);
    expect(answer.body.data.result).toBe('created');
    const args = ['user', 'delete', '--contact', contactId, '--connection', 'encharge', '--yes'];
    const { code, out } = await cli.local(args);
    expect(code).toBe(0);
    expect(out).toBe(`Deleted user ${answer.body.data.user_id} (${user.email}): 254 item(s).\n`);
  });
});

describe('the data of a person, a stage', () => {
  it('is exported and deleted', async () => {
    const user = await linkedUser();
    const exported = await cli.deployed(['user', 'export', '--id', user.id, '--json']);
    expect(jsonLines(exported.out)).toEqual([
      expect.objectContaining({ from: 'stage test', items: await storedItems(cli.test.users, user.id) }),
    ]);
    const { code, out } = await cli.deployed(['user', 'delete', '--id', user.id, '--yes', '--json']);
    expect({ code, out: jsonLines(out) }).toEqual({ code: 0, out: [{ deleted: user.id, items: 255 }] });
    expect(await itemsOfUser(cli.test.users, user)).toEqual([]);
  });
});

describe('usher user export and delete', () => {
  it('refuse what they cannot do', async () => {
    await expectRefusals(cli.local, [
      [['user', 'export'], 2, 'Say which user'],
      [['user', 'export', '--email', 'nobody@example.com'], 1, 'There is no such user.'],
      [['user', 'export', '--id', 'a', '--contact', 'b'], 2, 'cannot be used with'],
      [['user', 'delete', '--contact', '7', '--yes'], 2, '--contact needs --connection'],
      [['user', 'delete', '--id', 'nobody', '--yes'], 1, 'There is no such user.'],
      [['user', 'delete', '--id', 'nobody', '--force'], 2, 'unknown option'],
    ]);
  });

  it('say which permission is missing', async () => {
    const env = { ...cli.stage.env, AWS_ENDPOINT_URL_DYNAMODB: cli.stage.endpoint };
    cli.stage.refuse('GetItem', 'AccessDeniedException');
    const { code, err } = await cli.deployed(['user', 'delete', '--id', 'x', '--yes'], undefined, env);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('may not do this (GetItem)') });
  });
});
