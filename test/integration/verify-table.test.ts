import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { userKey } from '../../functions/users/items.ts';
import { verifyTable } from '../../lib/verify/verify-table.ts';
import { collected } from './table-state.ts';
import { person, problems, put, table, useVerifiedTable } from './verified-table.ts';

useVerifiedTable();

describe('a table in order', () => {
  it('has no problems, however many pages it has', async () => {
    const tags = Array.from({ length: 250 }, (_, number) => `tag ${number}`);
    const long = 'x'.repeat(2000);
    await Promise.all(Array.from({ length: 3 }, () => person({ tags: [...tags, long] })));
    await put({ pk: 'PACE#encharge', sk: 'PACE', until: 7 });
    const counts: number[] = [];
    const found = await collected(
      verifyTable(table, {
        pendingSince: table.time,
        sleep: () => Promise.reject(new Error('nothing is suspicious')),
        onRead: (count) => counts.push(count),
      }),
    );
    expect(found).toEqual([]);
    expect(counts.length).toBeGreaterThan(5);
    expect(counts.at(-1)).toBe(3 * (1 + 3 + 251) + 1);
  });
});

describe('effects', () => {
  const at = (minutes: number) => new Date(table.time.getTime() + minutes * 60_000).toISOString();

  it('that should be done are found, and others are not', async () => {
    const late = await person({ effects: { welcome_mail: { since: at(-61), claimedUntil: at(-50) } } });
    await person({ effects: { welcome_mail: { since: at(-59) } } });
    await person({ effects: { return_password: { since: at(-90), claimedUntil: at(1) } } });
    expect(await problems()).toEqual([
      expect.objectContaining({
        kind: 'effects_pending',
        userId: late.id,
        effects: ['welcome_mail'],
        since: at(-61),
      }),
    ]);
  });

  it('that are done between the looks are none', async () => {
    const { id } = await person({ effects: { welcome_mail: { since: at(-61) } } });
    const found = await problems(async () => {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: userKey(id),
          UpdateExpression: 'REMOVE effects.welcome_mail',
        }),
      );
    });
    expect(found).toEqual([]);
  });
});
