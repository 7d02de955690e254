import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { createUser } from '../../functions/users/create.ts';
import { findById } from '../../functions/users/find.ts';
import { userKey } from '../../functions/users/items.ts';
import { claimEffect, finishEffect } from '../../functions/users/pending-effects.ts';
import { newSetPasswordKey, setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { swapEmails } from '../../functions/users/swap-emails.ts';
import { updateUser } from '../../functions/users/update.ts';
import { newEmail } from './contacts.ts';
import { newUser, table, useTable } from './store.ts';

useTable();

/** A user with both effects pending; answers its id. */
async function pendingUser(): Promise<string> {
  const since = table.now().toISOString();
  const effects = { welcome_mail: { since }, return_password: { since } };
  return (await createUser(table, newUser({ effects }))).id;
}

describe('a password that the user sets with the key of the welcome mail', () => {
  it('calls off the one for the CRM', async () => {
    const id = await pendingUser();
    const { key, stored } = newSetPasswordKey(secureRandom, table.now());
    await claimEffect(table, id, 'welcome_mail', { setPassword: stored });
    const chosen = { userId: id, key, password: 'my own password' };
    expect(await setPasswordWithKey(table, secureRandom, chosen)).toBe(true);
    const { passwordHash } = (await findById(table, id)) ?? {};
    expect(await claimEffect(table, id, 'return_password', { passwordHash: 'generated' })).toBe('gone');
    await finishEffect(table, id, 'return_password');
    expect(await findById(table, id)).toMatchObject({ passwordHash });
  });

  it('is set by the newest mail’s key only', async () => {
    const id = await pendingUser();
    const [first, second] = [1, 2].map(() => newSetPasswordKey(secureRandom, table.now()));
    for (const made of [first, second]) {
      await claimEffect(table, id, 'welcome_mail', made ? { setPassword: made.stored } : {});
      table.time = new Date(table.time.getTime() + 61_000);
    }
    const use = (key = '') => setPasswordWithKey(table, secureRandom, { userId: id, key, password: 'mine' });
    expect(await use(first?.key)).toBe(false);
    expect(await use(second?.key)).toBe(true);
  });

  it('cannot be set any more after a move to another address, but after another spelling of it', async () => {
    const id = await pendingUser();
    const { key, stored } = newSetPasswordKey(secureRandom, table.now());
    await claimEffect(table, id, 'welcome_mail', { setPassword: stored });
    const use = () => setPasswordWithKey(table, secureRandom, { userId: id, key, password: 'mine' });
    const change = async (email: string) => {
      const user = await findById(table, id);
      if (user) await updateUser(table, user, { email });
    };
    await change(String((await findById(table, id))?.email).toUpperCase());
    expect(await use()).toBe(true);
    await table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: userKey(id),
        UpdateExpression: 'SET setPassword = :stored',
        ExpressionAttributeValues: { ':stored': stored },
      }),
    );
    await change(newEmail('corrected'));
    expect(await use()).toBe(false);
  });

  it('cannot be set any more after a swap of addresses', async () => {
    const [id, otherId] = [await pendingUser(), await pendingUser()];
    const { key, stored } = newSetPasswordKey(secureRandom, table.now());
    await claimEffect(table, id, 'welcome_mail', { setPassword: stored });
    const [user, other] = [await findById(table, id), await findById(table, otherId)];
    if (!user || !other) throw new Error('There is no user.');
    await swapEmails(
      table,
      { user, change: { email: other.email } },
      { user: other, change: { email: user.email } },
    );
    expect(await setPasswordWithKey(table, secureRandom, { userId: id, key, password: 'mine' })).toBe(false);
  });

  it('is set, though the answer was lost and the write is sent once more', async () => {
    const id = await pendingUser();
    const { key, stored } = newSetPasswordKey(secureRandom, table.now());
    await claimEffect(table, id, 'welcome_mail', { setPassword: stored });
    table.meddle = async (name, input) => {
      if (name !== 'Update') return;
      table.meddle = undefined;
      await table.documents.send(new UpdateCommand(input as never));
    };
    const chosen = { userId: id, key, password: 'my own password' };
    expect(await setPasswordWithKey(table, secureRandom, chosen)).toBe(true);
    expect(await setPasswordWithKey(table, secureRandom, chosen)).toBe(false);
  });

  it('is not set for an id that no user can have', async () => {
    const userId = 'x'.repeat(3000);
    expect(await setPasswordWithKey(table, secureRandom, { userId, key: 'k', password: 'mine' })).toBe(false);
  });
});
