import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { userKey } from '../../functions/users/items.ts';
import { newEmail } from './contacts.ts';
import { crm, mails, plan, stored, table, useEffectPorts, work } from './effect-ports.ts';

useEffectPorts();

async function userWith(email: string, ...effects: Parameters<typeof plan>[0]) {
  const user = { ...plan(effects), email };
  await createUser(table, user);
  return user;
}

describe('a welcome mail to an address that SES refuses for good', () => {
  // Addresses with numbers for a domain were taken once.
  it.each(['zoë@example.com', 'a..b@example.com', 'ada@10.12', 'ada@１０.１３', 'ada@0x7f.0x1'])(
    '%s is over, without a mail and without a key',
    async (email) => {
      const user = await userWith(email, 'welcome_mail');
      expect(await work(user)).toEqual({
        result: 'refused',
        done: [],
        warnings: ['address_not_mailable'],
      });
      expect(mails).toEqual([]);
      expect(await stored(user)).toMatchObject({ effects: {} });
      expect(await work(user)).toEqual({ result: 'nothing_pending', done: [] });
    },
  );

  it('keeps no other effect from being done', async () => {
    const user = await userWith('zoë.two@example.com', 'welcome_mail', 'return_password');
    const [contactId = ''] = Object.values(user.contacts);
    crm.answer({ body: { users: [{ id: contactId, email: user.email }] } });
    expect(await work(user)).toEqual({
      result: 'done',
      done: ['return_password'],
      warnings: ['address_not_mailable'],
    });
  });

  it('is sent after all when the user has got another one meanwhile', async () => {
    const user = await userWith('zoë.three@example.com', 'welcome_mail');
    const email = newEmail();
    table.meddle = async (name) => {
      if (name !== 'Update') return;
      table.meddle = undefined;
      await table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: userKey(user.id),
          UpdateExpression: 'SET email = :email',
          ExpressionAttributeValues: { ':email': email },
        }),
      );
    };
    await expect(work(user)).rejects.toMatchObject({ code: 'too_many_conflicts', retryable: true });
    expect(await work(user)).toEqual({ result: 'done', done: ['welcome_mail'] });
    expect(mails.map(({ Destination }) => Destination?.ToAddresses)).toEqual([[email]]);
  });
});
