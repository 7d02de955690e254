import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withoutPasswords } from '../contract/configs.ts';
import { newEmail } from '../integration/contacts.ts';
import { person } from '../support/bulk-people.ts';
import { bulk, useBulkStack } from '../support/bulk-stack.ts';
import { jsonLines } from '../support/cli-stack.ts';
import { expectRefusals, type Refusal } from '../support/expect-refusals.ts';

useBulkStack({ config: withoutPasswords });

describe('usher import', () => {
  it('refuses what it cannot do, before any call', async () => {
    person();
    const { id } = await (async () => {
      await bulk.run(['import', 'encharge', '--all', '--yes']);
      return bulk.state();
    })();
    bulk.test.encharge.requests.clear();
    await expectRefusals(bulk.run, [
      [['import', 'encharge'], 2, 'Say whom, in one way'],
      [['import', 'encharge', '--all', '--tag', 'x'], 2, 'Say whom, in one way'],
      [['import', 'nobody', '--all'], 2, 'There is no connection "nobody"'],
      [['import', 'encharge', '--all', '--rate', '0'], 2, 'above 0 and up to 50'],
      [['import', 'encharge', '--all', '--role', 'administrator'], 2, 'only an operator gives'],
      [['import', 'userengage', '--segment', '1'], 2, 'documents no list of contacts by segment'],
      [['import', 'encharge', '--ids', 'not-there.txt'], 2, 'cannot be read'],
      [['import', 'userengage', '--resume', id], 2, 'of the connection "encharge"'],
      [['import', '--resume', id, '--all'], 2, 'leave --all out, or begin anew without --resume'],
      ...[['--dry-run'], ['--limit', '1'], ['--rate', '5'], ['--role', 'x'], ['--notify']].map(
        (option): Refusal => [['import', '--resume', id, ...option], 2, `leave ${option[0]} out`],
      ),
      [['resync', '--resume', id, '--limit', '1', '--dry-run'], 2, 'leave --limit and --dry-run out'],
      [['resync', '--resume', id], 2, 'There is no file'],
      [['import', 'encharge', '--tag', 'x', '--limit', '0'], 2, 'a number from 1 on'],
    ]);
    expect(bulk.test.encharge.requests.count()).toBe(0);
    const before = await bulk.state();
    await writeFile(
      join(bulk.folder, '.usher', `import-${id}.json`),
      JSON.stringify({ ...before, version: Number(before['version']) + 1 }),
    );
    expect(await bulk.run(['import', '--resume', id])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not of this version of Usher'),
    });
    await writeFile(join(bulk.folder, '.usher', `import-${id}.json`), JSON.stringify(before));
    const far = await bulk.deployed(['import', '--resume', id]);
    expect(far).toMatchObject({ code: 2, err: expect.stringContaining('--stage or --port') });
  });

  it('undoes no import of another stage, and says which one it is of', async () => {
    person();
    await bulk.run(['import', 'encharge', '--all', '--yes']);
    const { id } = await bulk.state();
    const far = await bulk.deployed(['import', 'undo', id, '--yes']);
    expect(far).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--stage or --port') });
  });

  it('looks at no more contacts than the limit when it counts given ids', async () => {
    const ids = Array.from({ length: 20 }, () => person());
    bulk.test.encharge.requests.clear();
    const dry = ['import', 'encharge', '--ids', '-', '--limit', '2', '--dry-run', '--json'];
    const { code, out } = await bulk.run(dry, ids.join('\n'));
    expect({ code, counts: jsonLines(out) }).toEqual({
      code: 0,
      counts: [expect.objectContaining({ found: 2, created: 2 })],
    });
    const asked = bulk.test.encharge.requests.list().map(({ query }) => query);
    expect(ids.filter((id) => asked.some((query) => query.includes(id)))).toEqual(ids.slice(0, 2));
  });

  it('names the nearest tags and segments where one is asked for that is none', async () => {
    person(newEmail(), ['resellers']);
    await expectRefusals(bulk.run, [
      [['import', 'encharge', '--tag', 'reseler'], 2, 'There are, nearest first: "resellers"'],
      [
        ['import', 'encharge', '--segment', '999'],
        2,
        'The CRM has no segment "999". There are, nearest first:',
      ],
      [['import', 'userengage', '--tag', 'reseler'], 2, 'The CRM has no tag "reseler". There are, nearest'],
    ]);
  });

  it('has nothing to do, and keeps nothing, where nobody is found', async () => {
    for (const options of [[], ['--dry-run']]) {
      const { code, err } = await bulk.run(['import', 'userengage', '--all', '--yes', ...options]);
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('Nobody was found') });
    }
    await expect(bulk.state()).rejects.toThrow();
  });

  it('does not know of imports that were none', async () => {
    await expectRefusals(bulk.run, [
      [['import', 'undo', 'x', '--yes'], 2, 'shows the ids that there are'],
      [['import', 'undo', '00000000-0000-4000-8000-000000000000', '--yes'], 2, 'There is no file'],
    ]);
  });
});
