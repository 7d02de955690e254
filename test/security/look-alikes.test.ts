import { domainToASCII } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { emailAddress } from '../../functions/mail/email-address.ts';
import { findByEmail } from '../../functions/users/find.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { changeContact, existingUser, newContact, newUser } from '../contract/contacts.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';

useTestStack({ config: withoutPasswords, withPoller: false });

let count = 0;
const add = (id: string) => webhook(test, 'encharge', 'add', id);

/** Every row has a domain of its own, so that no row meets another. docs/security.md has the same table. */
const spelled = (local: string, domain: string) => `${local}@${domain.replace('#', String(count))}`;
const rows = (list: [name: string, one: string, other: string][]) =>
  list.map(([name, one, other]) => [name, one, other] as const);

describe('two spellings of one address are one user', () => {
  const same = rows([
    ['case', 'ada', 'ADA'],
    ['case outside ASCII', 'zoë', 'ZOË'],
    ['composed and decomposed letters', 'zo\u00EB', 'zoe\u0308'],
    ['full width', 'ada', 'ａｄａ'],
    ['a ligature', 'fiona', 'ﬁona'],
    ['the Kelvin sign', 'kate', '\u212Aate'],
    ['the long s', 'sam', 'ſam'],
    ['a circled letter', 'ada', 'ⓐda'],
    ['a mathematical letter', 'ada', '𝐚da'],
    ['capital sharp s', 'groß', 'GROẞ'],
  ]);

  it.each(same)('%s: %s and %s', async (_name, one, other) => {
    count += 1;
    const [first, second] = [one, other].map((local) => spelled(local, 'same#.example.com')) as [
      string,
      string,
    ];
    const { user } = await newUser(test, 'encharge', { email: first });
    const id = newContact(test, 'encharge', { email: second });
    const answers = await Promise.all([add(id), add(id), add(id)]);
    for (const { body } of answers) expect(body.data.user_id).toBe(user.id);
    expect(await findByEmail(test.users, second)).toMatchObject({ id: user.id });
  });

  it.each(same)('%s: created at once they are one', async (_name, one, other) => {
    count += 1;
    const ids = [one, other].map((local) =>
      newContact(test, 'encharge', { email: spelled(local, 'once#.example.com') }),
    );
    const answers = await Promise.all(ids.map(add));
    expect(new Set(answers.map(({ body }) => body.data.user_id)).size).toBe(1);
  });
});

describe('a domain in Unicode and in ASCII is one', () => {
  const unicode = (host: string) => `${host}.example`;
  const capitals = (host: string) => `${host.toUpperCase()}.example`;
  const ascii = (host: string) => domainToASCII(unicode(host));

  it.each([
    ['Unicode first', unicode, ascii],
    ['ASCII first', ascii, unicode],
    ['in capitals', unicode, capitals],
  ])('%s', async (_name, one, other) => {
    count += 1;
    const [first, second] = [one(`bücher${count}`), other(`bücher${count}`)];
    const { user } = await newUser(test, 'encharge', { email: `ada@${first}` });
    const id = newContact(test, 'encharge', { email: `ada@${second}` });
    expect((await add(id)).body.data.user_id).toBe(user.id);
    // It is the same mailbox: the CRM's spelling is kept.
    expect(await existingUser(test, 'encharge', id)).toMatchObject({ id: user.id, email: `ada@${second}` });
  });
});

describe('a look-alike that may be another mailbox never becomes the address of the user', () => {
  it.each(['ﬁona', 'ｆiona', 'ⓕiona', '𝐟iona', 'ＦＩＯＮＡ'])('%s', async (local) => {
    count += 1;
    const email = spelled('fiona', 'kept#.example.com');
    const { user } = await newUser(test, 'encharge', { email });
    const id = newContact(test, 'encharge', { email: spelled(local, 'kept#.example.com') });
    for (const action of ['add', 'update']) {
      expect((await webhook(test, 'encharge', action, id)).body.data.user_id).toBe(user.id);
      expect(await existingUser(test, 'encharge', id)).toMatchObject({ email });
    }
  });

  it('but the plain spelling does, in whatever case', async () => {
    count += 1;
    const { id } = await newUser(test, 'encharge', { email: spelled('ﬁona', 'plain#.example.com') });
    for (const local of ['fiona', 'Fiona']) {
      const email = spelled(local, 'plain#.example.com');
      changeContact(test, 'encharge', id, { email });
      await webhook(test, 'encharge', 'update', id);
      expect(await existingUser(test, 'encharge', id)).toMatchObject({ email });
    }
  });
});

describe('addresses that only look the same are two users', () => {
  it.each(
    rows([
      ['Cyrillic а', 'ada', 'аda'],
      ['Greek ο', 'bob', 'bοb'],
      ['dotless i', 'iris', 'ırıs'],
      ['capital I with a dot', 'iris', 'İris'],
      ['sharp s', 'gross', 'groß'],
      ['an accent', 'zoe', 'zoë'],
      ['a plus', 'ada', 'ada+x'],
      ['a dot', 'ada.l', 'adal'],
      ['digit and letter', 'ada1', 'adal'],
    ]),
  )('%s: %s and %s', async (_name, one, other) => {
    count += 1;
    const [first, second] = [one, other].map((local) => spelled(local, 'other#.example.com')) as [
      string,
      string,
    ];
    const { user } = await newUser(test, 'encharge', { email: first, tags: ['mine'] });
    const { user: lookAlike } = await newUser(test, 'encharge', { email: second, tags: ['theirs'] });
    expect(lookAlike.id).not.toBe(user.id);
    expect(await findByEmail(test.users, first)).toEqual(user);
  });
});

describe('a username that is somebody else’s address, in any spelling, is refused', () => {
  it.each([['ada@#'], ['ADA@#'], [' ada@# '], ['ａda@#'], ['ada＠#'], ['ada﹫#'], ['ａｄａ＠#']])(
    '%s',
    async (written) => {
      count += 1;
      const domain = `login${count}.example.com`;
      const email = `ada@${domain}`;
      const { user } = await newUser(test, 'encharge', { email, custom: { user_login: `ada-of-${count}` } });
      const id = newContact(test, 'encharge', { custom: { user_login: written.replace('#', domain) } });
      const answer = await add(id);
      expect([answer.status, answer.body.error.code]).toEqual([422, 'login_taken']);
      expect(await test.userOf('encharge', id)).toBeUndefined();
      expect(await findByEmail(test.users, email)).toEqual(user);
    },
  );
});

describe('no address', () => {
  it.each([
    ['a full-width comma: two addresses', 'ada@example.com，eve@example.org'],
    ['a full-width @', 'ada＠example.org@example.com'],
    ['a small @', 'ada﹫example.com'],
    ['a full-width comma in the domain', 'ada@example，com.example.org'],
    ['a slash: it would be mailed to example.com', 'ada@example.com/x.org'],
    ['a question mark', 'ada@example.com?x.org'],
    ['a number sign', 'ada@example.com#x.org'],
    ['a backslash', 'ada@example.com\\x.org'],
    ['a percent sign: %61 is an a', 'ad@ex%61mple.com'],
    ['an account of', 'ada@℀.com'],
    ['an ideographic full stop', 'ada@mail。example.com'],
    ['a full-width full stop', 'ada@mail．example.com'],
    ['a soft hyphen', 'ada@exam\u00ADple.com'],
    ['a zero-width space', 'ada\u200B@example.com'],
    ['a zero-width joiner', 'ada@exa\u200Dmple.com'],
    ['an override of the direction', 'a\u202Eda@example.com'],
    ['an isolate', 'ada@\u2066example.com'],
    ['an encoded word', '=?utf-8?q?eve=40example.org=3E=00?=@example.com'],
    ['a port', 'ada@example.com:25'],
    ['a full-width colon', 'ada@example.com：25'],
    ['a full-width bracket', 'ada＜eve@example.com'],
    ['a path of hosts', '@example.org:ada@example.com'],
  ])('%s', (_name, text) => {
    expect(emailAddress(text)).toBeUndefined();
  });
});
