import { describe, expect, it } from '@jest/globals';
import { findByEmail } from '../../functions/users/find.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { existingUser, newContact, newEmail } from '../contract/contacts.ts';
import { workOff } from '../support/jobs.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';

/** An operator who shows names everywhere, in a subject and as HTML too. */
const templates = {
  subject: 'Hello {{first_name}} {{login}}',
  text: 'Hello {{first_name}} {{last_name}}\nUsername: {{login}}\n{{link}}\n',
  html: '<p title="{{first_name}}">Hello {{first_name}} {{last_name}}</p><a href="{{link}}">{{login}}</a>',
};

const config = { ...withoutPasswords, mail: { ...withoutPasswords.mail, templates } };
useTestStack({ config, withPoller: false });

/** The mails that a new contact caused. */
async function mailsFor(draft: Parameters<typeof newContact>[2]) {
  test.ses.clear();
  const id = newContact(test, 'encharge', draft);
  const answer = await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
  await workOff(test);
  return { id, answer, mails: [...test.ses.mails] };
}

describe('a name in the welcome mail', () => {
  it.each([
    ['a line break and a header', 'Ada\r\nBcc: eve@example.com\r\n\r\nHello'],
    ['a bare line feed', 'Ada\nTo: eve@example.com'],
    ['a bare carriage return', 'Ada\rTo: eve@example.com'],
    ['a folded header', 'Ada\r\n Bcc: eve@example.com'],
    ['a NUL', 'Ada\u0000Bcc: eve@example.com'],
    ['Unicode line breaks', 'Ada\u2028Bcc: eve@example.com\u2029x\u0085y'],
    ['the end of the message', 'Ada\r\n.\r\nMAIL FROM:<eve@example.com>'],
    ['an encoded line break', '=?utf-8?q?Ada=0D=0ABcc:_eve=40example.com?='],
    ['a boundary', 'Ada\r\n--boundary\r\nContent-Type: text/html\r\n\r\n<b>'],
    ['a tag', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['the end of an attribute', '" onmouseover="alert(1)" x="'],
    ['the end of the link', "'></a><a href='https://evil.example.com'>here</a>"],
    ['a javascript: link', '<a href="javascript:alert(1)">x</a>'],
    ['a comment', '--><script>x</script><!--'],
    ['a style', '</style><style>*{display:none}'],
    ['a template', '{{link}} {{{link}}} {{&link}} {{#link}}x{{/link}} {{> partial}} {{=<% %>=}}'],
    ['a template of another kind', '\u0024{7*7} <%= 7*7 %> #{7*7} {{7*7}} {{constructor}}'],
  ])('%s: one mail to one address, nothing but text in it', async (_name, name) => {
    const email = newEmail('invited');
    const login = `${name.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')} ${email}`;
    const { id, mails } = await mailsFor({
      email,
      firstName: name,
      lastName: name,
      custom: { user_login: login },
    });
    const [mail] = mails;
    expect(mails).toHaveLength(1);
    expect(mail).toMatchObject({ to: [email], from: 'Example Site <hello@example.com>' });
    expect(mail?.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    // Three lines and the empty end, however many the name has.
    expect(mail?.text?.split(/\r\n|[\n\r\u0085\u2028\u2029]/)).toHaveLength(4);
    expect(mail?.text?.match(/^http\S+key=[\w-]{43}$/gm)).toHaveLength(1);
    expect(mail?.html?.match(/<[^>]*>/g)).toEqual([
      expect.stringMatching(/^<p title="[^"<>]*">$/),
      '</p>',
      expect.stringMatching(/^<a href="https?:[^"<>]+">$/),
      '</a>',
    ]);
    expect(mail?.html).not.toContain("'");
    // A template in a name is not filled in: the key stands where the template has it.
    const { key } = /key=(?<key>[\w-]{43})/.exec(mail?.text ?? '')?.groups ?? {};
    expect(JSON.stringify(mail).split(String(key))).toHaveLength(3);
    expect(await existingUser(test, 'encharge', id)).toMatchObject({ login });
  });
});

describe('an address with somebody else’s in it', () => {
  const eve = 'eve@example.com';

  it.each([
    `ada@example.com,${eve}`,
    `ada@example.com, ${eve}`,
    `ada@example.com;${eve}`,
    `ada@example.com ${eve}`,
    `ada@example.com，eve＠example.com`,
    `ada@example.com\r\nBcc: ${eve}`,
    `ada@example.com\nTo: ${eve}`,
    `ada@example.com\u0000${eve}`,
    `Ada <ada@example.com>`,
    `"${eve}" <ada@example.com>`,
    `ada@example.com <${eve}>`,
    `<${eve}>`,
    `Group: ada@example.com, ${eve};`,
    `ada(${eve})@example.com`,
    `"ada@example.com> <eve"@example.com`,
    `@example.org:${eve}`,
    `mailto:${eve}?bcc=ada@example.com`,
    `=?utf-8?q?eve=40example.com=3E=00?=@example.com`,
    `ada@example.com/@example.com`,
    `ada@example.com%00${eve}`,
  ])('%j: no user, no mail', async (email) => {
    const { answer, mails } = await mailsFor({ email });
    expect([answer.status, answer.body.error.code]).toEqual([422, 'email_missing']);
    expect(mails).toEqual([]);
    expect(await findByEmail(test.users, eve)).toBeUndefined();
  });
});
