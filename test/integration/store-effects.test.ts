import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { createUser } from '../../functions/users/create.ts';
import { findById } from '../../functions/users/find.ts';
import { userItem, userKey } from '../../functions/users/items.ts';
import { claimEffect, finishEffect, releaseEffect } from '../../functions/users/pending-effects.ts';
import { newSetPasswordKey, setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { swapEmails } from '../../functions/users/swap-emails.ts';
import { updateUser } from '../../functions/users/update.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { newEmail } from './contacts.ts';
import { awsError, newUser, table, useTable } from './store.ts';
import { allItems } from './table-state.ts';

useTable();

const advance = (seconds: number) => {
  table.time = new Date(table.time.getTime() + seconds * 1000);
};

/** A user with both effects pending; answers its id. */
async function pendingUser(): Promise<string> {
  const since = table.now().toISOString();
  const effects = { welcome_mail: { since }, return_password: { since } };
  return (await createUser(table, newUser({ effects }))).id;
}

describe('a claim of an effect', () => {
  it('is had by one, for a minute', async () => {
    const id = await pendingUser();
    expect(await claimEffect(table, id, 'welcome_mail', {})).toBe('claimed');
    expect(await claimEffect(table, id, 'welcome_mail', {})).toBe('busy');
    expect(await claimEffect(table, id, 'return_password', {})).toBe('claimed');
    advance(60);
    expect(await claimEffect(table, id, 'welcome_mail', {})).toBe('busy');
    advance(1);
    expect(await claimEffect(table, id, 'welcome_mail', {})).toBe('claimed');
    expect(await claimEffect(table, id, 'welcome_mail', {})).toBe('busy');
  });

  it('of eight at once is had by one', async () => {
    const id = await pendingUser();
    const hashes = Array.from({ length: 8 }, (_, number) => `hash ${number}`);
    const claims = await Promise.all(
      hashes.map((passwordHash) => claimEffect(table, id, 'return_password', { passwordHash })),
    );
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    expect(claims.filter((claim) => claim === 'busy')).toHaveLength(7);
    expect((await findById(table, id))?.passwordHash).toBe(hashes[claims.indexOf('claimed')]);
  });

  it('writes the secret’s hash with it, and none without it', async () => {
    const id = await pendingUser();
    await claimEffect(table, id, 'return_password', { passwordHash: 'first' });
    await claimEffect(table, id, 'return_password', { passwordHash: 'second' });
    expect((await findById(table, id))?.passwordHash).toBe('first');
    await finishEffect(table, id, 'return_password');
    expect(await claimEffect(table, id, 'return_password', { passwordHash: 'third' })).toBe('gone');
    expect((await findById(table, id))?.passwordHash).toBe('first');
  });

  it('is not had for an address that the user has no more', async () => {
    const id = await pendingUser();
    await expect(
      claimEffect(table, id, 'welcome_mail', { email: 'other@example.com' }),
    ).rejects.toBeInstanceOf(WriteConflict);
    const { email } = (await findById(table, id)) ?? {};
    expect(await claimEffect(table, id, 'welcome_mail', { email })).toBe('claimed');
    expect(await claimEffect(table, id, 'welcome_mail', { email })).toBe('busy');
    await finishEffect(table, id, 'welcome_mail');
    expect(await claimEffect(table, id, 'welcome_mail', { email })).toBe('gone');
    expect(await claimEffect(table, 'nobody', 'welcome_mail', { email })).toBe('gone');
  });

  it('can be given back', async () => {
    const id = await pendingUser();
    await claimEffect(table, id, 'welcome_mail', {});
    await releaseEffect(table, id, 'welcome_mail');
    expect(await claimEffect(table, id, 'welcome_mail', {})).toBe('claimed');
  });

  it('ends nothing that a move has put in place of the effect, due at the same time', async () => {
    const id = await pendingUser();
    const user = await findById(table, id);
    const since = user?.effects.welcome_mail?.since;
    await claimEffect(table, id, 'welcome_mail', { since });
    if (user && since) await updateUser(table, user, { effects: { welcome_mail: { since } } });
    await finishEffect(table, id, 'welcome_mail', { since });
    expect((await findById(table, id))?.effects.welcome_mail).toEqual({ since });
    await releaseEffect(table, id, 'welcome_mail', { since });
    expect(await claimEffect(table, id, 'welcome_mail', { since })).toBe('claimed');
  });

  it('is gone when the effect is done, was never due, or the user is no more', async () => {
    const id = await pendingUser();
    await claimEffect(table, id, 'welcome_mail', {});
    await finishEffect(table, id, 'welcome_mail');
    expect(Object.keys((await findById(table, id))?.effects ?? {})).toEqual(['return_password']);
    expect(await claimEffect(table, id, 'welcome_mail', {})).toBe('gone');
    expect(await claimEffect(table, 'nobody', 'welcome_mail', {})).toBe('gone');
    const { id: without } = await createUser(table, newUser());
    expect(await claimEffect(table, without, 'welcome_mail', {})).toBe('gone');
    const { effects: _effects, ...item } = userItem({ ...newUser(), version: 1, created: '', updated: '' });
    await table.documents.send(new PutCommand({ TableName: table.name, Item: item }));
    expect(await claimEffect(table, String(item['id']), 'welcome_mail', {})).toBe('gone');
  });

  it('brings no user back: neither it, nor giving it back, nor the end of the effect', async () => {
    const id = await pendingUser();
    await claimEffect(table, id, 'welcome_mail', {});
    await table.documents.send(new DeleteCommand({ TableName: table.name, Key: userKey(id) }));
    const before = await allItems(table);
    await claimEffect(table, id, 'return_password', { passwordHash: 'ghost' });
    await releaseEffect(table, id, 'welcome_mail');
    await finishEffect(table, id, 'welcome_mail');
    expect(await allItems(table)).toEqual(before);
  });

  it('and a webhook’s write do not disturb each other', async () => {
    const id = await pendingUser();
    const read = await findById(table, id);
    if (!read) throw new Error('There is no user.');
    await claimEffect(table, id, 'return_password', { passwordHash: 'a hash' });
    await updateUser(table, read, { role: 'editor', tags: { added: ['a'], removed: [] } });
    await finishEffect(table, id, 'return_password');
    const after = await findById(table, id);
    expect(after).toMatchObject({ role: 'editor', tags: ['a'], passwordHash: 'a hash', version: 2 });
    expect(Object.keys(after?.effects ?? {})).toEqual(['welcome_mail']);
  });
});

describe('an effect whose user is in a transaction', () => {
  const held = (times: number) => {
    let left = times;
    table.meddle = (name) => {
      if (name !== 'Update' || left === 0) return;
      left -= 1;
      throw awsError('TransactionConflictException');
    };
  };

  it('is claimed by the next try of the job', async () => {
    const id = await pendingUser();
    held(1);
    await expect(claimEffect(table, id, 'welcome_mail', {})).rejects.toBeInstanceOf(WriteConflict);
    expect(await claimEffect(table, id, 'welcome_mail', {})).toBe('claimed');
  });

  it('is marked as done all the same: its mail is not sent again', async () => {
    const id = await pendingUser();
    await claimEffect(table, id, 'welcome_mail', {});
    held(9);
    await finishEffect(table, id, 'welcome_mail');
    expect((await findById(table, id))?.effects.welcome_mail).toBeUndefined();
  });

  it('hands on what is no conflict', async () => {
    const id = await pendingUser();
    table.meddle = () => {
      throw awsError('ProvisionedThroughputExceededException');
    };
    const error = { name: 'ProvisionedThroughputExceededException' };
    await expect(claimEffect(table, id, 'welcome_mail', {})).rejects.toMatchObject(error);
    await expect(finishEffect(table, id, 'welcome_mail')).rejects.toMatchObject(error);
  });
});

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
