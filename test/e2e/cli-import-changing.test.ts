import { describe, expect, it } from '@jest/globals';
import { withoutPasswords } from '../contract/configs.ts';
import { newEmail } from '../integration/contacts.ts';
import { inconsistencies } from '../integration/table-state.ts';
import { edit, jobs, person, summaryOf } from '../support/bulk-people.ts';
import { bulk, useBulkStack } from '../support/bulk-stack.ts';
import { jsonLines } from '../support/cli-stack.ts';
import { webhook } from '../support/webhook.ts';

useBulkStack({ config: withoutPasswords });

const people = (count: number, tags: string[] = []) =>
  Array.from({ length: count }, () => person(newEmail(), tags));
const tagsOf = async (id: string) => (await bulk.test.userOf('encharge', id))?.tags;
const secondPage = 'offset=99';
const all = ['import', 'encharge', '--all', '--yes', '--json', '--rate', '50'];

describe('an import of a list that fails in the middle', () => {
  it('goes on where it limits, sends HTML, breaks off or repeats a page', async () => {
    const ids = people(110);
    const first = await fetch(
      `${bulk.test.stack.connections['encharge']?.crmUrl}people/all?limit=100&offset=0&sort=createdAt&order=asc`,
      {
        headers: {
          'x-encharge-token': String(bulk.test.stack.connections['encharge']?.credentials['apiToken']),
        },
      },
    );
    const body = (await first.json()) as never;
    const begun = jobs('created', 1);
    const running = bulk.run(all);
    await begun;
    const { faults, requests } = bulk.test.encharge;
    requests.clear();
    for (const fault of [
      { status: 429 },
      { status: 429, retryAfter: '3' },
      { kind: 'html' as const },
      { kind: 'truncate' as const },
      { kind: 'unknown_shape' as const, body },
    ])
      faults.inject({ ...fault, pathContains: secondPage, times: 1 });
    const { code, out, err } = await running;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(faults.list()).toEqual([]);
    expect(summaryOf(out)).toMatchObject({ sent: 110, results: { created: 110 }, whole: true });
    for (const id of ids) expect(await bulk.test.userOf('encharge', id)).toBeDefined();
  });

  it('stops at a page that is no list, skips nobody, and goes on when it is one again', async () => {
    people(110);
    const begun = jobs('created', 1);
    const running = bulk.run(all);
    await begun;
    bulk.test.encharge.faults.inject({ kind: 'html', pathContains: secondPage });
    const { code, err } = await running;
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('To go on: npx usher import --resume'),
    });
    expect(err).toContain('does not answer as the API of Encharge does');
    bulk.test.encharge.faults.clear();
    const { id } = await bulk.state();
    const resumed = await bulk.run(['import', '--resume', id, '--json']);
    expect(resumed).toMatchObject({ code: 0, err: '' });
    expect(summaryOf(resumed.out)).toMatchObject({ sent: 110, results: { created: 110 }, whole: true });
  });

  it('goes back for those who have moved to a page that was read', async () => {
    const ids = people(130);
    const begun = jobs('created', 5);
    const running = bulk.run(all);
    await begun;
    // Of the first page, and sent already: those of the second one stand on the first one now.
    for (const id of ids.slice(0, 3)) bulk.test.encharge.people.remove(id);
    const { out } = await running;
    const { sent } = summaryOf(out);
    expect(sent).toBe(130);
    for (const id of ids.slice(3)) expect(await bulk.test.userOf('encharge', id)).toBeDefined();
  });
});

describe('an import of contacts that change meanwhile', () => {
  it('leaves in the table what the CRM holds, and names those who are gone', async () => {
    const ids = people(110, ['member']);
    const [sooner, later, gone] = [ids.slice(0, 10), ids.slice(70, 80), ids.slice(80, 100)];
    const begun = jobs('created', 20);
    const running = bulk.run(['import', 'encharge', '--tag', 'member', '--yes', '--json', '--rate', '50']);
    await begun;
    for (const id of gone) bulk.test.encharge.people.remove(id);
    for (const id of [...sooner, ...later]) edit(id, { tags: ['member', 'changed'] });
    // Whoever is a user by now has a webhook of their own for it.
    for (const id of sooner) await webhook(bulk.test, 'encharge', 'update', id);
    const come = people(20, ['member', 'new']);
    const { code, out, err } = await running;
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const lines = jsonLines(out).slice(1, -1) as { contact_id: string; error_code: string }[];
    expect(lines.map((line) => line.contact_id).sort()).toEqual([...gone].sort());
    expect(new Set(lines.map((line) => line.error_code))).toEqual(new Set(['contact_not_found']));
    expect(summaryOf(out)).toMatchObject({
      sent: 130,
      results: { created: 110, 'refused (contact_not_found)': 20 },
      whole: true,
    });
    for (const { id, tags } of bulk.test.encharge.people.list())
      expect(await tagsOf(id)).toEqual([...(tags ?? [])].sort());
    for (const id of come) expect(await tagsOf(id)).toEqual(['member', 'new']);
    expect(await inconsistencies(bulk.test.users)).toEqual([]);
  });
});

describe('usher resync', () => {
  it('is killed, goes on, lists who is gone, and writes each of the others', async () => {
    const ids = people(120, ['old']);
    for (const id of ids) await webhook(bulk.test, 'encharge', 'add', id, { async: 'true' });
    await bulk.test.idle();
    for (const id of ids) edit(id, { tags: ['new'] });
    const gone = ids.slice(-2);
    for (const id of gone) bulk.test.encharge.people.remove(id);
    const begun = jobs('updated', 30);
    const child = bulk.start(['resync', 'encharge', '--tag', 'old', '--yes', '--rate', '50']);
    const ended = new Promise((resolve) => {
      child.once('close', resolve);
    });
    await begun;
    child.kill('SIGKILL');
    await ended;
    const { id } = await bulk.state();
    const { code, out, err } = await bulk.run(['resync', '--resume', id, '--json']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(summaryOf(out)).toMatchObject({
      sent: 120,
      results: { updated: 118, 'refused (contact_not_found)': 2 },
      open: 0,
      whole: true,
    });
    const named = jsonLines(out).slice(0, -1) as { contact_id: string }[];
    expect(named.map((line) => line.contact_id).sort()).toEqual([...gone].sort());
    for (const one of ids) expect(await tagsOf(one)).toEqual([gone.includes(one) ? 'old' : 'new']);
    expect(await inconsistencies(bulk.test.users)).toEqual([]);
  });
});
