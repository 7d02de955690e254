import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { userItem, userKey } from '../../functions/users/items.ts';
import { newSetPasswordKey, setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { createTable } from '../../lib/dev/dynamodb.ts';
import { localClient } from '../../lib/dev/local-client.ts';
import { countingRandom } from '../unit/counting-random.ts';
import { exampleUser } from '../unit/example-user.ts';

const day = 24 * 60 * 60 * 1000;
const made = new Date('2026-03-01T12:00:00Z');

describe('a new key', () => {
  const make = () => newSetPasswordKey(countingRandom(), made);

  it('has 256 bits and may stand in a URL', () => {
    const { key } = make();
    expect(key).toBe(Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('base64url'));
    expect(encodeURIComponent(key)).toBe(key);
  });

  it('is kept as a digest for 24 hours', () => {
    const { key, stored } = make();
    expect(stored).toEqual({
      hash: 'ea866a757e4c38babfa8127cbe9a409d3e1f93a00ff1488ff735fcf917afffd0',
      expires: '2026-03-02T12:00:00.000Z',
    });
    expect(JSON.stringify(stored)).not.toContain(key);
  });

  it('is another one each time', () => {
    expect(newSetPasswordKey(secureRandom, made).key).not.toBe(newSetPasswordKey(secureRandom, made).key);
  });
});

describe('setting a password', () => {
  let table: UserTable;
  let now = made;
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient(localClient(String(process.env['TEST_DYNAMODB']))),
  );

  beforeAll(async () => {
    table = { documents, name: `test-${randomUUID()}`, now: () => now };
    await createTable(documents, table.name);
  });
  afterAll(() => documents.destroy());

  /** A user who has been sent a key, with a password on its way to the CRM. */
  async function invited() {
    now = made;
    const { key, stored } = newSetPasswordKey(secureRandom, made);
    const effects = { return_password: { since: made.toISOString() } };
    const user = exampleUser({ id: randomUUID(), effects });
    await documents.send(
      new PutCommand({ TableName: table.name, Item: { ...userItem(user), setPassword: stored } }),
    );
    return { userId: user.id, key };
  }

  it('works until the last second, and no longer', async () => {
    const { userId, key } = await invited();
    now = new Date(made.getTime() + day);
    expect(await setPasswordWithKey(table, secureRandom, { userId, key, password: 'late' })).toBe(false);
    now = new Date(made.getTime() + day - 1000);
    expect(await setPasswordWithKey(table, secureRandom, { userId, key, password: 'in time' })).toBe(true);
  });

  it('is refused where a digest of another length is stored', async () => {
    const { userId, key } = await invited();
    const update = new UpdateCommand({
      TableName: table.name,
      Key: userKey(userId),
      UpdateExpression: 'SET setPassword.#hash = :hash',
      ExpressionAttributeNames: { '#hash': 'hash' },
      ExpressionAttributeValues: { ':hash': 'short' },
    });
    await documents.send(update);
    expect(await setPasswordWithKey(table, secureRandom, { userId, key, password: 'x' })).toBe(false);
  });

  it('looks at the user as it is now, also right after the key was made', async () => {
    const { userId, key } = await invited();
    const reads: unknown[] = [];
    const send = (command: { input: { ConsistentRead?: boolean } }) => {
      reads.push(command.input.ConsistentRead);
      return documents.send(command as never);
    };
    const watched = { ...table, documents: { send: send as UserTable['documents']['send'] } };
    await setPasswordWithKey(watched, secureRandom, { userId, key, password: 'x' });
    expect(reads[0]).toBe(true);
  });

  it('tells of a table that does not answer', async () => {
    const given = await invited();
    const missing = { ...table, name: 'test-missing' };
    await expect(setPasswordWithKey(missing, secureRandom, { ...given, password: 'x' })).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
    const failing = {
      ...table,
      documents: {
        send: (command: never) =>
          'UpdateExpression' in (command as { input: object }).input
            ? Promise.reject(new Error('down'))
            : documents.send(command),
      } as UserTable['documents'],
    };
    await expect(setPasswordWithKey(failing, secureRandom, { ...given, password: 'x' })).rejects.toThrow(
      'down',
    );
  });
});
