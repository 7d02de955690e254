import { describe, expect, it } from '@jest/globals';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { mailsTo, newEmail } from '../integration/contacts.ts';
import { inconsistencies } from '../integration/table-state.ts';
import { edit, jobs, person, userOf } from '../support/bulk-people.ts';
import { bulk, useBulkStack } from '../support/bulk-stack.ts';
import { jsonLines } from '../support/cli-stack.ts';
import { webhook } from '../support/webhook.ts';
import { countingRandom } from '../unit/counting-random.ts';

useBulkStack({ config: withoutPasswords });

describe('usher import undo', () => {
  it('deletes whom nobody has written to since, and names the rest', async () => {
    const before = person();
    await webhook(bulk.test, 'encharge', 'add', before);
    const [plain, tagged, chosen, twin, other] = [
      person(),
      person(
        newEmail(),
        Array.from({ length: 200 }, (_, index) => `tag ${index}`),
      ),
      person(),
      person('undo.twins@example.com'),
      person('undo.twins@example.com'),
    ];
    await bulk.run(['import', 'encharge', '--all', '--notify', '--yes']);
    await bulk.test.idle();
    const { id } = await bulk.state();
    const known = await userOf(before);
    const chooser = await userOf(chosen);
    const key = /key=([\w-]+)/.exec(mailsTo(bulk.test, chooser.email)[0]?.text ?? '')?.[1] ?? '';
    const given = { userId: chooser.id, key, password: 'made-up-password' };
    expect(await setPasswordWithKey(bulk.test.users, countingRandom(), given)).toBe(true);
    edit(plain, { tags: ['changed since'] });
    await webhook(bulk.test, 'encharge', 'update', plain);
    const written = await userOf(plain);

    const unsure = await bulk.run(['import', 'undo', id]);
    expect(unsure).toMatchObject({ code: 1, out: '', err: expect.stringContaining('deletes 2 user(s)') });
    const { code, out } = await bulk.run(['import', 'undo', id, '--yes', '--json']);
    expect(code).toBe(0);
    const lines = jsonLines(out);
    expect(lines.at(-1)).toEqual({ id, deleted: 2, kept: 2 });
    expect(lines.slice(0, -1)).toEqual(expect.arrayContaining([{ kept: chooser.id }, { kept: written.id }]));
    for (const gone of [tagged, twin, other])
      expect(await bulk.test.userOf('encharge', gone)).toBeUndefined();
    expect(await userOf(before)).toEqual(known);
    expect(await userOf(plain)).toEqual(written);
    const again = await bulk.run(['import', 'undo', id, '--yes', '--json']);
    expect(jsonLines(again.out).at(-1)).toEqual({ id, deleted: 0, kept: 2 });
    expect(await inconsistencies(bulk.test.users)).toEqual([]);
  });
});

describe('usher import undo, while the import goes on', () => {
  it('says that users may come yet, and deletes those, too, when it is undone again', async () => {
    const ids = Array.from({ length: 60 }, () => person());
    const begun = jobs('created', 10);
    const child = bulk.start(['import', 'encharge', '--all', '--yes', '--rate', '50']);
    const ended = new Promise((resolve) => {
      child.once('close', resolve);
    });
    await begun;
    bulk.test.encharge.faults.inject({ status: 429, retryAfter: '2', times: 1 });
    child.kill('SIGKILL');
    await ended;
    const { id } = await bulk.state();
    const early = await bulk.run(['import', 'undo', id, '--yes', '--json']);
    expect(early.code).toBe(1);
    expect(early.err).toContain('not read to its end');
    expect(early.err).toMatch(/\d+ job\(s\) are in the queue/);
    let late = early;
    while (late.code !== 0) late = await bulk.run(['import', 'undo', id, '--yes', '--json']);
    expect(late.err).not.toContain('in the queue');
    for (const one of ids) expect(await bulk.test.userOf('encharge', one)).toBeUndefined();
  });
});

describe('usher resync', () => {
  it('pulls the contacts of users again, creates nobody and mails nobody', async () => {
    const ids = [person(newEmail(), ['old']), person(newEmail(), ['old']), person(newEmail(), ['other'])];
    for (const id of ids) await webhook(bulk.test, 'encharge', 'add', id);
    const stranger = person();
    for (const id of ids) edit(id, { tags: ['new'] });
    const mails = bulk.test.ses.mails.length;
    const tags = async () => (await Promise.all(ids.map(userOf))).map((user) => user.tags);

    const dry = await bulk.run(['resync', 'encharge', '--tag', 'old', '--dry-run', '--json']);
    expect(jsonLines(dry.out)).toEqual([expect.objectContaining({ found: 2 })]);
    const first = await bulk.run(['resync', 'encharge', '--tag', 'old', '--yes', '--json']);
    expect(jsonLines(first.out).at(-1)).toMatchObject({ sent: 2, results: { updated: 2 }, whole: true });
    expect(await tags()).toEqual([['new'], ['new'], ['other']]);
    const { id } = await userOf(String(ids[2]));
    const second = await bulk.run(['resync', 'encharge', '--user', id, '--yes', '--json']);
    expect(jsonLines(second.out).at(-1)).toMatchObject({ sent: 1, results: { updated: 1 } });
    expect(await tags()).toEqual([['new'], ['new'], ['new']]);
    expect(await bulk.test.userOf('encharge', stranger)).toBeUndefined();
    expect(bulk.test.ses.mails).toHaveLength(mails);
  });
});
