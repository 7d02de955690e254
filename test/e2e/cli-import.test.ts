import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { allUsers } from '../../functions/users/all-users.ts';
import { findByEmail } from '../../functions/users/find.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { mailsTo, newEmail, putContact } from '../integration/contacts.ts';
import { seededRandom } from '../integration/seeded-random.ts';
import { allItems, inconsistencies } from '../integration/table-state.ts';
import { edit, person, summaryOf, userOf } from '../support/bulk-people.ts';
import { bulk, useBulkStack } from '../support/bulk-stack.ts';
import { jsonLines } from '../support/cli-stack.ts';
import { webhook } from '../support/webhook.ts';

useBulkStack({ config: withoutPasswords });

type Counts = Record<'found' | 'created' | 'users' | 'linked' | 'shared' | 'withoutAddress' | 'held', number>;
async function usersNow(): Promise<User[]> {
  const users: User[] = [];
  for await (const user of allUsers(bulk.test.users)) users.push(user);
  return users;
}

/** A contact for each way in which an address can be somebody's. */
async function everyKindOfClash(): Promise<Record<string, string>> {
  const { test } = bulk;
  const added = async (id: string) => {
    await webhook(test, 'encharge', 'add', id);
    return userOf(id);
  };
  const ids: Record<string, string> = {
    fresh: person(),
    mailless: person(null),
    unusable: person('not an address'),
    known: person(),
    first: person('twins@example.com'),
    second: person('Twins@example.com'),
  };
  const known = await added(String(ids['known']));
  ids['sameAsKnown'] = person(known.email);

  const elsewhere = newEmail();
  const other = putContact(test, 'userengage', { email: elsewhere, tags: [] });
  await webhook(test, 'userengage', 'add', other);
  ids['elsewhere'] = person(elsewhere);

  const gone = person();
  const leftBehind = await added(gone);
  test.encharge.people.remove(gone);
  ids['afterGone'] = person(leftBehind.email);

  const admin = person();
  const administrator = await added(admin);
  await updateUser(test.users, administrator, { role: 'administrator' });
  test.encharge.people.remove(admin);
  ids['admins'] = person(administrator.email);

  const emptied = person();
  const keeper = await added(emptied);
  edit(emptied, { email: null });
  Object.assign(ids, { emptied, keepers: person(keeper.email) });

  const mover = person();
  const moving = await added(mover);
  edit(mover, { email: newEmail('moved') });
  Object.assign(ids, { mover, follower: person(moving.email) });
  await test.idle();
  return ids;
}

describe('usher import', () => {
  it('counts what it then does, for every kind of clash, and only reads for that', async () => {
    const ids = await everyKindOfClash();
    const before = await allItems(bulk.test.users);
    bulk.test.encharge.requests.clear();
    const dry = await bulk.run(['import', 'encharge', '--all', '--dry-run', '--notify', '--json']);
    expect({ code: dry.code, err: dry.err }).toEqual({ code: 0, err: '' });
    const [counts] = jsonLines(dry.out) as [Counts];
    expect(counts).toMatchObject({
      found: Object.keys(ids).length,
      created: 3,
      users: 3,
      linked: 2,
      shared: 2,
      withoutAddress: 2,
      held: 2,
    });
    const asked = bulk.test.encharge.requests.list();
    expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(await allItems(bulk.test.users)).toEqual(before);
    await expect(bulk.state()).rejects.toThrow();

    const { code, out, err } = await bulk.run(['import', 'encharge', '--all', '--yes', '--json']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const lines = jsonLines(out);
    const { results, sent, open, whole } = summaryOf(out);
    expect({ sent, open, whole }).toEqual({ sent: counts.found, open: 0, whole: true });
    const sum = (...names: string[]) =>
      Object.entries(results).reduce(
        (all, [name, n]) => (names.some((one) => name.startsWith(one)) ? all + n : all),
        0,
      );
    expect(sum('created')).toBe(counts.created);
    expect(sum('updated', 'unchanged')).toBe(counts.users + counts.linked + counts.shared);
    expect(sum('refused')).toBe(counts.withoutAddress + counts.held);
    const refused = lines.filter((one) => 'contact_id' in (one as object)) as {
      contact_id: string;
      next: string;
    }[];
    const expected = ['mailless', 'unusable', 'admins', 'keepers'].map((name) => ids[name]);
    expect(refused.map((one) => one.contact_id).sort()).toEqual([...expected].sort());
    expect(refused.every(({ next }) => next.length > 10)).toBe(true);
    const twins = await findByEmail(bulk.test.users, 'twins@example.com');
    expect([ids['first'], ids['second']]).toContain(twins?.contacts['encharge']);
    expect(await inconsistencies(bulk.test.users)).toEqual([]);
    // Of the one who has moved the mailbox before is told, as always.
    expect(bulk.test.ses.mails.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('was taken off an account'),
    ]);
  });

  it('is killed five times, and each contact is a user once, with one mail', async () => {
    const ids = Array.from({ length: 300 }, () => person(newEmail(), ['member']));
    const random = seededRandom(7);
    const log = bulk.log;
    const from = log.length;
    const done = () => log.slice(from).filter(({ result }) => result === 'created').length;
    let args = ['import', 'encharge', '--tag', 'member', '--notify', '--yes', '--rate', '50'];
    for (let kill = 1; kill <= 5; kill += 1) {
      const child = bulk.start(args);
      const ended = new Promise((resolve) => {
        child.once('close', resolve);
      });
      const point = Math.min(kill * 50 - 25 + random.int(50), 290);
      while (done() < point) await delay(5);
      child.kill('SIGKILL');
      await ended;
      args = ['import', '--resume', (await bulk.state()).id];
    }
    const { code, out, err } = await bulk.run([...args, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const summary = summaryOf(out);
    expect(summary).toMatchObject({ sent: 300, results: { created: 300 }, open: 0, whole: true });
    await bulk.test.idle();
    const users = (await usersNow()).filter(({ importedBy }) => importedBy === summary.id);
    expect(users.map(({ contacts }) => contacts['encharge']).sort()).toEqual([...ids].sort());
    expect(users.flatMap(({ email }) => mailsTo(bulk.test, email))).toHaveLength(300);
    expect(await inconsistencies(bulk.test.users)).toEqual([]);
    const state = join(bulk.folder, '.usher', `import-${summary.id}.json`);
    expect((await stat(state)).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(await bulk.state())).not.toMatch(/@|fake/);
    const listed = await bulk.alone(['import', 'list', '--json']);
    expect(jsonLines(listed.out)).toEqual([
      expect.objectContaining({ id: summary.id, sent: 300, whole: true, of: 'member' }),
    ]);
  });

  it('lets no more wait than twice as many as are worked on at once, behind the webhooks of the day', async () => {
    for (let made = 0; made < 60; made += 1) person();
    let deepest = 0;
    const look = async () => {
      const { sqs } = bulk.test.stack.services;
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: bulk.test.stack.queueUrl, AttributeNames: ['All'] }),
      );
      const jobs = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      deepest = Math.max(
        deepest,
        jobs.reduce((all, name) => all + Number(Attributes[name]), 0),
      );
    };
    const watch = setInterval(() => void look(), 25);
    const { code } = await bulk.run(['import', 'encharge', '--all', '--yes', '--rate', '50']);
    clearInterval(watch);
    expect(code).toBe(0);
    // Eight, and four that are done and about to leave the queue.
    expect(deepest).toBeLessThanOrEqual(12);
  });

  it('shows neither addresses nor what tags would do to a terminal', async () => {
    const odd = 'red \u001b[31m tag';
    person('secret.person@example.com', [odd]);
    person('not an address at all', [odd]);
    const results = [
      await bulk.run(['import', 'encharge', '--tag', odd, '--yes']),
      await bulk.run(['import', 'encharge', '--tag', 'red', '--yes']),
      await bulk.alone(['import', 'list']),
    ];
    expect(results.map(({ code }) => code)).toEqual([1, 2, 0]);
    const all = results.map(({ out, err }) => out + err).join('');
    expect(all).not.toMatch(/@|not an address/);
    expect(all).not.toContain('\u001b');
    expect(all).toContain('red \\u{1b}[31m tag');
    expect(all).toContain('email_missing');
  });

  it('imports the contacts of a list of ids', async () => {
    const [one, two] = [person(), person()];
    const run = (input: string) => bulk.run(['import', 'encharge', '--ids', '-', '--yes', '--json'], input);
    const { code, out } = await run(`${one}\n\n  ${two.toUpperCase()}\n${one}\n`);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('"open":0') });
    expect(jsonLines(out)[0]).toMatchObject({ found: 2, created: 2 });
    expect(jsonLines(out).at(-1)).toMatchObject({ sent: 2, results: { created: 2 } });
    expect(await run(`${one}\nada@example.com`)).toMatchObject({
      code: 2,
      out: '',
      err: 'Line 2 of --ids holds no id of a contact of Encharge.\n',
    });
  });

  it('gives the role that is asked for, to one contact where one is asked for', async () => {
    const ids = [person(), person(), person()];
    await bulk.run(['import', 'encharge', '--all', '--limit', '1', '--role', 'customer', '--yes']);
    const users = await Promise.all(ids.map((id) => bulk.test.userOf('encharge', id)));
    expect(users.map((user) => user?.role)).toEqual(['customer', undefined, undefined]);
  });

  it('mails nobody by itself, whatever the configuration says, and no more than SES sends', async () => {
    const id = person();
    bulk.stage.account.quota = { max24Hours: 200, perSecond: 1, sentLast24Hours: 200 };
    const refused = await bulk.deployed(['import', 'encharge', '--all', '--notify', '--yes']);
    expect(refused).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('SES sends 0 mail(s) more'),
    });
    expect(await bulk.test.userOf('encharge', id)).toBeUndefined();
    bulk.stage.account.quota.sentLast24Hours = 10;
    const { code, out, err } = await bulk.deployed(['import', 'encharge', '--all', '--notify', '--yes']);
    expect({ code, out }).toEqual({ code: 0, out: 'created   1\n' });
    expect(err).toContain('1 welcome mail(s); SES sends 190 more today, 1 a second.');
    await bulk.test.idle();
    expect(mailsTo(bulk.test, (await userOf(id)).email)).toHaveLength(1);
  });
});
