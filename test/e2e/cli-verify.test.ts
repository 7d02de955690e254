import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { findById } from '../../functions/users/find.ts';
import { emailKey, tagKey } from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';
import { mailsTo, newEmail, putContact } from '../integration/contacts.ts';
import { newUser } from '../integration/store.ts';
import { allItems, inconsistencies } from '../integration/table-state.ts';
import { cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import { expectRefusals } from '../support/expect-refusals.ts';

useCliStack();

const put = (Item: Record<string, unknown>) =>
  cli.test.users.documents.send(new PutCommand({ TableName: cli.test.users.name, Item }));

async function newPerson(hoursAgo?: number): Promise<User> {
  const email = newEmail();
  const contactId = putContact(cli.test, 'encharge', { email, tags: ['a'] });
  const since = new Date(Date.now() - (hoursAgo ?? 0) * 3_600_000).toISOString();
  const effects = hoursAgo === undefined ? {} : { welcome_mail: { since }, return_password: { since } };
  const given = { email, login: email, tags: ['a'], contacts: { encharge: contactId }, effects };
  return createUser(cli.test.users, newUser(given));
}

describe.each(['local', 'deployed'] as const)('usher verify, %s', (where) => {
  const run = (...args: string[]) => cli[where](['verify', ...args]);
  let items: number;
  beforeEach(async () => {
    items = (await allItems(cli.test.users)).length;
  });

  it('says that all is well', async () => {
    expect(await run()).toEqual({ code: 0, out: '', err: `${items} item(s), 0 problem(s), 0 repaired\n` });
  });

  it('reports what is wrong, repairs it when asked to, and is content then', async () => {
    const { id } = await newPerson();
    await put({ ...emailKey('ghost@example.com'), userId: 'nobody' });
    await cli.test.users.documents.send(
      new DeleteCommand({ TableName: cli.test.users.name, Key: tagKey('a', id) }),
    );
    const problem = (status: string) => [
      { problem: 'orphan_claim', status, pk: 'EMAIL#ghost@example.com', sk: 'UNIQUE', user: 'nobody' },
      { problem: 'missing_tag_member', status, pk: 'TAG#a', sk: `USER#${id}`, user: id },
    ];
    const seen = await run('--json');
    const counts = { items: items + 5, problems: 2, repaired: 0, remaining: 2 };
    expect({ code: seen.code, err: seen.err }).toEqual({ code: 1, err: '' });
    expect(jsonLines(seen.out).slice(0, 2)).toEqual(expect.arrayContaining(problem('found')));
    expect(jsonLines(seen.out)[2]).toEqual(counts);

    const readable = await run();
    expect(readable.code).toBe(1);
    expect(readable.out).toContain(
      'found     EMAIL#ghost@example.com  names user nobody, who does not exist or does not have it\n',
    );
    expect(readable.out).toContain(
      `found     TAG#a USER#${id}  is missing or wrong, and user ${id} has the tag\n`,
    );
    expect(readable.err).toContain('2 problem(s), 0 repaired');

    const fixed = await run('--fix', '--yes', '--json');
    expect(fixed.code).toBe(0);
    expect(jsonLines(fixed.out)).toEqual(
      expect.arrayContaining([...problem('repaired'), { ...counts, repaired: 2, remaining: 0 }]),
    );
    expect(await inconsistencies(cli.test.users)).toEqual([]);
    expect((await run()).code).toBe(0);
  });

  it('has the effects done that were forgotten', async () => {
    const user = await newPerson(2);
    expect((await run('--pending-after', '3h')).code).toBe(0);
    const fixed = await run('--fix', '--yes', '--json');
    expect(fixed.code).toBe(0);
    expect(jsonLines(fixed.out)[0]).toMatchObject({
      problem: 'effects_pending',
      status: 'repaired',
      user: user.id,
      effects: expect.arrayContaining(['welcome_mail', 'return_password']),
    });
    await cli.test.idle();
    expect(mailsTo(cli.test, user.email)).toHaveLength(1);
    const contactId = String(user.contacts['encharge']);
    expect(cli.test.encharge.people.get(contactId)?.fields['wp_password']).toMatch(/^[A-Za-z0-9]{16,}$/);
    expect(await cli.test.userOf('encharge', contactId)).toMatchObject({ effects: {} });
  });

  it('sends the mails of users without contacts', async () => {
    const [told, since] = [newEmail('told'), '2026-01-01T00:00:00.000Z'];
    const effects = { moved_mail: { since, to: told }, welcome_mail: { since } };
    const { id, email } = await createUser(cli.test.users, newUser({ contacts: {}, effects }));
    const gone = newUser({ contacts: { gone: where }, effects: { welcome_mail: { since } } });
    await createUser(cli.test.users, gone);
    const fixed = await run('--fix', '--yes', '--json');
    expect(fixed.code).toBe(0);
    expect(jsonLines(fixed.out)).toContainEqual(
      expect.objectContaining({ user: id, effects: ['moved_mail', 'welcome_mail'], status: 'repaired' }),
    );
    await cli.test.idle();
    expect([told, email, gone.email].map((to) => mailsTo(cli.test, to).length)).toEqual([1, 1, 1]);
    expect((await run()).code).toBe(0);
  });

  it('brings what an earlier release has left up to date', async () => {
    const { id } = await createUser(cli.test.users, newUser({ tags: ['Ka\u0308ufer'] }));
    const pause = { pk: 'PAUSE#encharge', sk: 'PAUSE' };
    await put({ ...pause, reason: 'unavailable', failures: 3 });
    const problem = (status: string) => [
      { problem: 'leftover_item', status, ...pause },
      { problem: 'old_spelling', status, pk: `USER#${id}`, sk: 'USER', user: id },
    ];
    expect(jsonLines((await run('--json')).out)).toEqual(expect.arrayContaining(problem('found')));
    expect((await run()).out).toContain(`found     USER#${id}  has tags that are not in NFC\n`);
    const fixed = await run('--fix', '--yes', '--json');
    expect(fixed.code).toBe(0);
    expect(jsonLines(fixed.out)).toEqual(expect.arrayContaining(problem('repaired')));
    expect(await findById(cli.test.users, id)).toMatchObject({ tags: ['Käufer'] });
    expect(await inconsistencies(cli.test.users)).toEqual([]);
    expect((await run()).out).toBe('');
  });

  it('ends with 1 while something is left that only a person can decide', async () => {
    const key = { pk: 'BASKET#7', sk: 'ITEM' };
    await put(key);
    // Of an earlier release, which did not keep whose password it is.
    const effects = { return_password: { since: '2026-01-01T00:00:00.000Z' } };
    const contacts = { encharge: 'e7', userengage: '7' };
    const stranger = await createUser(cli.test.users, newUser({ contacts, effects }));
    const { code, out } = await run('--fix', '--yes');
    expect(code).toBe(1);
    expect(out).toContain('remains   BASKET#7 ITEM  is nothing that Usher has written\n');
    expect(out).toContain(
      `remains   USER#${stranger.id}  return_password not done since 2026-01-01T00:00:00.000Z\n`,
    );
    await cli.test.users.documents.send(new DeleteCommand({ TableName: cli.test.users.name, Key: key }));
    expect((await cli.local(['user', 'delete', '--id', stranger.id, '--yes'])).code).toBe(0);
  });
});

describe('usher verify', () => {
  it('refuses what it cannot do', async () => {
    await expectRefusals(cli.local, [
      [['verify', '--fix'], 1, 'add --yes'],
      [['verify', '--pending-after', 'soon'], 2, 'Write 30m, 6h or 2d.'],
      [['verify', '--repair'], 2, 'unknown option'],
    ]);
  });

  it('says which permissions are missing', async () => {
    cli.stage.refuse('DescribeTable', 'AccessDeniedException');
    const refused = await cli.deployed(['verify'], undefined, {
      ...cli.stage.env,
      AWS_ENDPOINT_URL_DYNAMODB: cli.stage.endpoint,
    });
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('may not do this') });
  });
});
