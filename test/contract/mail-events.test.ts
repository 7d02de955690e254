import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { userItem } from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';
import { mailsTo, newEmail, putContact } from '../integration/contacts.ts';
import { bounceOf, complaintOf, tellOfMail } from '../support/ses-events.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';

useTestStack();

async function userWith(email: string, query = {}) {
  const id = putContact(test, crm, { email, tags: [] });
  await webhook(test, crm, 'add', id, query);
  await test.idle();
  return id;
}

const mailOf = async (id: string) => (await test.userOf(crm, id))?.mail;
const lastLine = () => test.log.at(-1);
const at = '2026-03-01T12:00:00.000Z';

describe('a mailbox that refused a mail', () => {
  it('is kept on its user, and add and update warn of it until it has another one', async () => {
    const email = newEmail();
    const id = await userWith(email, {});
    await tellOfMail(test, bounceOf(email));
    expect(await mailOf(id)).toEqual({ state: 'bounced', at });
    for (const action of ['add', 'update']) {
      const { body } = await webhook(test, crm, action, id);
      expect(body.data).toMatchObject({ result: 'unchanged', warnings: ['mail_bounced'] });
    }
    expect((await webhook(test, crm, 'update_tags', id)).body.data.warnings).toEqual([]);
    putContact(test, crm, { email: newEmail(), tags: [] }, id);
    expect((await webhook(test, crm, 'update', id)).body.data.warnings).toEqual([]);
    expect(await mailOf(id)).toBeUndefined();
    expect((await webhook(test, crm, 'update', id)).body.data.warnings).toEqual([]);
  });
});

describe('what SES tells of a mailbox', () => {
  it('complains, and stays when only the spelling of the address changes', async () => {
    const email = newEmail();
    const id = await userWith(email);
    await tellOfMail(test, complaintOf(email));
    putContact(test, 'encharge', { email: email.toUpperCase(), tags: [] }, id);
    const { body } = await webhook(test, 'encharge', 'update', id);
    expect(body.data).toMatchObject({ result: 'updated', warnings: ['mail_complained'] });
    expect(await test.userOf('encharge', id)).toMatchObject({
      email: email.toUpperCase(),
      mail: { state: 'complained', at },
    });
  });

  it('goes with an address that two users swap', async () => {
    const emails = [newEmail(), newEmail()] as const;
    const ids = [await userWith(emails[0]), await userWith(emails[1])] as const;
    await tellOfMail(test, bounceOf(emails[0]));
    putContact(test, 'encharge', { email: emails[1], tags: [] }, ids[0]);
    putContact(test, 'encharge', { email: emails[0], tags: [] }, ids[1]);
    await webhook(test, 'encharge', 'update', ids[0]);
    expect(await test.userOf('encharge', ids[0])).toMatchObject({ email: emails[1] });
    expect(await mailOf(ids[0])).toBeUndefined();
  });

  it('keeps a second mail from being sent', async () => {
    const email = newEmail();
    const id = await userWith(email);
    await tellOfMail(test, bounceOf(email));
    // Of a webhook that asked for the mail before there was the user.
    const before = { ...(await test.userOf('encharge', id)), created: '2999-01-01T00:00:00.000Z' };
    await test.users.documents.send(
      new PutCommand({ TableName: test.users.name, Item: userItem(before as User) }),
    );
    await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
    await test.idle();
    expect(await test.userOf('encharge', id)).toMatchObject({ effects: {}, mail: { state: 'bounced' } });
    expect(mailsTo(test, email)).toEqual([]);
    expect(lastLine()).toMatchObject({ action: 'effects', result: 'refused', warnings: ['mail_bounced'] });
  });

  it('is the newest: events come in any order, and some twice', async () => {
    const email = newEmail();
    const id = await userWith(email);
    await tellOfMail(test, complaintOf(email, { timestamp: '2026-03-01T14:00:00+01:00' }));
    const line = { message: 'mail_event', action: 'complaint' };
    expect(lastLine()).toMatchObject({ ...line, result: 'kept' });
    await tellOfMail(test, bounceOf(email));
    expect(lastLine()).toMatchObject({ action: 'bounce', result: 'unchanged' });
    await tellOfMail(test, complaintOf(email, { timestamp: '2026-03-01T13:00:00.000Z' }));
    expect(lastLine()).toMatchObject({ ...line, result: 'unchanged' });
    expect(await mailOf(id)).toEqual({ state: 'complained', at: '2026-03-01T13:00:00.000Z' });
  });

  it('finds the user whatever the spelling of the address', async () => {
    const id = await userWith('Kept@bücher.example');
    await tellOfMail(test, bounceOf('kept@xn--bcher-kva.example'));
    expect(await mailOf(id)).toEqual({ state: 'bounced', at });
  });

  it('is about the address that the mail went to, not the one it was forwarded to', async () => {
    const [email, forwarded] = [newEmail(), newEmail()];
    const [id, other] = [await userWith(email), await userWith(forwarded)];
    await tellOfMail(test, bounceOf(forwarded, {}, [email]));
    expect([await mailOf(id), await mailOf(other)]).toEqual([{ state: 'bounced', at }, undefined]);
  });

  it.each<[string, (email: string) => string, action: string]>([
    ['a passing failure', (email) => bounceOf(email, { bounceType: 'Transient' }), 'bounce'],
    ['a failure of unknown kind', (email) => bounceOf(email, { bounceType: 'Undetermined' }), 'bounce'],
    ['no spam', (email) => complaintOf(email, { complaintFeedbackType: 'not-spam' }), 'complaint'],
    ['a virus', () => JSON.stringify({ eventType: 'Reject', reject: { reason: 'Bad content' } }), 'reject'],
  ])('changes nothing for %s', async (_what, message, action) => {
    const email = newEmail();
    const id = await userWith(email);
    await tellOfMail(test, message(email));
    expect(await mailOf(id)).toBeUndefined();
    expect(lastLine()).toMatchObject({ message: 'mail_event', action, result: 'ignored' });
  });

  it('says nothing of people who are no users, nor does the log', async () => {
    const email = newEmail('nobody');
    await tellOfMail(test, bounceOf(email));
    expect(lastLine()).toMatchObject({ action: 'bounce', result: 'user_not_found' });
    expect(JSON.stringify(lastLine())).not.toContain('nobody');
  });

  it.each([
    ['the message with which SES tries a topic', 'Successfully validated SNS topic for Amazon SES.'],
    ['nothing', ''],
    ['another JSON', '{"eventType":"Open","mail":{}}'],
    ['no object', '[]'],
    ['a bounce of nobody', '{"eventType":"Bounce","mail":{"destination":["a@example.com"]}}'],
    ['a time that is none', bounceOf('secret-person@example.com', { timestamp: 'yesterday' })],
  ])('is logged by name and over when it is %s', async (_what, message) => {
    await expect(tellOfMail(test, message)).resolves.toBeUndefined();
    expect(lastLine()).toMatchObject({ message: 'mail_event', action: 'unknown', result: 'unreadable' });
    expect(JSON.stringify(lastLine())).not.toMatch(/example\.com|validated/);
  });
});
