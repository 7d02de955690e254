import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { usersWithTag } from '../../functions/users/list.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { anyJsonText, anyText } from './texts.ts';

useTestStack({ withPoller: false });

/** Everybody is somebody new. */
let count = 0;
const newEmail = () => `person-${++count}@example.com`;

/** What is kept of a text: trimmed, and fit for UTF-8. */
const kept = (text: string) => text.trim().toWellFormed();
const keptTag = (tag: string) => tag.toWellFormed().normalize('NFC').trim();
const eachOnce = (texts: readonly string[]) => [...new Set(texts.filter((text) => text !== ''))].sort();
const keptTags = (tags: readonly string[]) => eachOnce(tags.map(keptTag));

const tags = fc.array(anyJsonText, { maxLength: 6 });
const names = fc.record({ first: anyJsonText, last: anyJsonText });

async function tagged(tag: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of usersWithTag(test.users, tag)) ids.push(id);
  return ids;
}

/** Adds a contact, reads the user, and asks again: nothing may have changed on the way. */
async function added(connection: 'encharge' | 'userengage', contactId: string) {
  const answer = await webhook(test, connection, 'add', contactId);
  expect(answer.body).toMatchObject({ success: true, data: { result: 'created', contact_id: contactId } });
  const user = await test.userOf(connection, contactId);
  const again = await webhook(test, connection, 'update', contactId);
  expect(again.body).toMatchObject({ success: true, data: { result: 'unchanged', user_id: user?.id } });
  return user;
}

describe('from the CRM into the table and back, everything is but text', () => {
  it('Encharge: ids, names and tags', async () => {
    // What looks like a placeholder of the CRM is no id.
    const id = fc
      .tuple(anyText, fc.uuid())
      .map(([text, tail]) => `${text}${tail}`.replace(/[{}%]/g, '').trim());
    const person = { id, names, tags: tags.map((list) => list.map((tag) => tag.replaceAll(',', ';'))) };
    await fc.assert(
      fc.asyncProperty(fc.record(person), async ({ id: contactId, names: { first, last }, tags: given }) => {
        const email = newEmail();
        test.encharge.people.put({
          id: contactId,
          email,
          fields: { firstName: first, lastName: last },
          tags: given,
        });
        const user = await added('encharge', contactId);
        expect(user).toMatchObject({
          email,
          login: email,
          tags: keptTags(given),
          contacts: { encharge: contactId },
        });
        expect(user?.fields['first_name'] ?? '').toBe(kept(first));
        expect(user?.fields['last_name'] ?? '').toBe(kept(last));
        for (const tag of keptTags(given)) expect(await tagged(tag)).toContain(user?.id);
      }),
      { numRuns: 60 },
    );
  });

  it('UserEngage: fields, lists and tags', async () => {
    const given = fc.record({ city: anyJsonText, login: fc.option(anyText), interests: tags, tags });
    await fc.assert(
      fc.asyncProperty(given, async ({ city, login, interests, tags: list }) => {
        const email = newEmail();
        // Usernames are unique.
        const user_login = login === null ? null : `${login}${email}`;
        const { id } = test.userengage.people.put({
          email,
          tags: list.filter((tag) => tag !== ''),
          fields: { city, user_login, interests },
        });
        const user = await added('userengage', String(id));
        const isLogin =
          user_login !== null && !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(kept(user_login));
        expect(user).toMatchObject({
          email,
          login: isLogin ? kept(user_login) : email,
          tags: keptTags(list),
        });
        expect(user?.fields['city'] ?? '').toBe(kept(city));
        expect([...((user?.fields['interests'] as string[] | undefined) ?? [])].sort()).toEqual(
          eachOnce(interests.map(kept)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('tags that come and go leave nothing behind', async () => {
    const email = newEmail();
    const { id } = test.userengage.people.put({ email });
    await added('userengage', String(id));
    let before: string[] = [];
    await fc.assert(
      fc.asyncProperty(tags, async (list) => {
        const after = keptTags(list);
        test.userengage.people.put({ id, email, tags: list.filter((tag) => tag !== '') });
        const answer = await webhook(test, 'userengage', 'update_tags', id);
        expect(answer.status).toBe(200);
        const user = await test.userOf('userengage', id);
        expect(user?.tags).toEqual(after);
        for (const tag of new Set([...before, ...after])) {
          expect((await tagged(tag)).includes(String(user?.id))).toBe(after.includes(tag));
        }
        before = after;
      }),
      { numRuns: 40 },
    );
  });
});
