import { describe, expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

const welcomed = { send_notification: 'true' };
/** The lines of the effects job for a user. */
const effectsOf = (userId: string) =>
  test.log.filter(({ action, user_id }) => action === 'effects' && user_id === userId);

describe('an address that SES refuses for good', () => {
  it.each([
    ['a local part outside ASCII', (name: string) => `zoë.${name}`],
    ['a dot last', (name: string) => name.replace('@', '.@')],
  ])('%s: a user with a warning, and no mail is ever tried', async (_name, spoil) => {
    const sent = test.ses.requests;
    const id = newContact(test, crm, { email: spoil(newEmail()) });
    const { status, body } = await webhook(test, crm, 'add', id, welcomed);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ result: 'created', warnings: ['address_not_mailable'] });
    await test.idle();
    expect(test.ses.requests).toBe(sent);
    expect(effectsOf(body.data.user_id)).toMatchObject([
      { result: 'refused', attempt: 1, warnings: ['address_not_mailable'] },
    ]);
    expect(await existingUser(test, crm, id)).toMatchObject({ effects: {} });
  });

  it('is told by each webhook, and any other address by none', async () => {
    const { id } = await newUser(test, crm, { email: `.${newEmail()}` });
    for (const action of ['update', 'add', 'test']) {
      const { warnings } = (await webhook(test, crm, action, id)).body.data;
      expect(warnings).toEqual(['address_not_mailable']);
    }
    expect((await webhook(test, crm, 'add', newContact(test, crm))).body.data.warnings).toEqual([]);
  });
});

describe('an address with what nobody sees', () => {
  it.each(['\u200B'])('%j at its ends is trimmed', async (one) => {
    const email = newEmail();
    const id = newContact(test, crm, { email: `${one}${email} ${one}` });
    const { body } = await webhook(test, crm, 'add', id, welcomed);
    expect(body.data).toMatchObject({ result: 'created', warnings: [] });
    await test.idle();
    expect(await existingUser(test, crm, id)).toMatchObject({ email, login: email });
    expect(test.ses.mails.map(({ to }) => to)).toContainEqual([email]);
  });

  it.each([['U+200B', '\u200B']])('%s inside makes none, and the message says so', async (name, one) => {
    const email = newEmail().replace('.', `.${one}`);
    const id = newContact(test, crm, { email });
    for (const action of ['add', 'test']) {
      const { status, body, text } = await webhook(test, crm, action, id);
      expect([status, body.error.code]).toEqual([422, 'email_missing']);
      expect(body.error.message).toContain(name);
      expect(text).not.toContain('person');
    }
  });

  it('moves nobody there', async () => {
    const { id, user } = await newUser(test, crm);
    changeContact(test, crm, id, { email: `a\u200B${newEmail()}`, tags: ['new'] });
    expect((await webhook(test, crm, 'update', id)).body.data.warnings).toEqual(['field_invalid:user_email']);
    expect(await existingUser(test, crm, id)).toMatchObject({ email: user.email, tags: ['new'] });
  });
});
