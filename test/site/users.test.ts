import { expect, it } from '@jest/globals';
import { withoutPasswords } from '../contract/configs.ts';
import { changeContact, newContact, newEmail } from '../contract/contacts.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { api } from './site.ts';

useTestStack({ config: withoutPasswords, withPoller: false });

async function add(draft: object = {}) {
  const email = newEmail();
  const contactId = newContact(test, crm, { email, ...draft });
  const { body } = await webhook(test, crm, 'add', contactId);
  return { email, contactId, id: String(body.data.user_id) };
}

/** Follows cursors to the end of a list. */
async function all(path: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const { body } = await api(test, cursor === undefined ? path : `${path}&cursor=${cursor}`);
    ids.push(...body.users.map(({ id }: { id: string }) => id));
    cursor = body.cursor;
    if (cursor === undefined) return { ids, pages };
  }
}

it('gives a user by id and by address', async () => {
  const { id, email } = await add({ tags: ['customer'], custom: { birthday: '1815-12-10', vip: true } });
  const byId = await api(test, `users/${id}`);
  expect(byId.body.user).toMatchObject({
    id,
    email,
    tags: ['customer'],
    fields: { birthday: '1815-12-10', vip: true },
  });
  const byEmail = await api(test, `users?email=${encodeURIComponent(email.toUpperCase())}`);
  expect(byEmail.body).toEqual({ users: [byId.body.user] });
  expect((await api(test, 'users?email=nobody@example.com')).body).toEqual({ users: [] });
});

it('gives everybody with a tag, page by page, each once', async () => {
  const tag = `tag "${Date.now()}" & 👍`;
  const added: string[] = [];
  for (let count = 0; count < 103; count += 1) added.push((await add({ tags: [tag, 'other'] })).id);
  const { ids, pages } = await all(`users?tag=${encodeURIComponent(tag)}`);
  expect(pages).toBe(3);
  expect([...ids].sort()).toEqual([...added].sort());
});

it('finds a tag in whatever form it is written, and who has lost it no more', async () => {
  const { id, contactId } = await add({ tags: ['Käufer'] });
  expect((await all(`users?tag=${encodeURIComponent('Ka\u0308ufer')}`)).ids).toEqual([id]);
  changeContact(test, crm, contactId, { tags: [] });
  await webhook(test, crm, 'update_tags', contactId);
  expect((await all(`users?tag=${encodeURIComponent('Käufer')}`)).ids).toEqual([]);
});

it('says 304 to whoever has it already', async () => {
  const { id, contactId } = await add({ tags: ['a'] });
  const first = await api(test, `users/${id}`);
  const etag = String(first.headers.get('etag'));
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = await api(test, `users/${id}`, undefined, { 'if-none-match': known });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
  }
  changeContact(test, crm, contactId, { tags: ['b'] });
  await webhook(test, crm, 'update_tags', contactId);
  const changed = await api(test, `users/${id}`, undefined, { 'if-none-match': etag });
  expect([changed.status, changed.body.user.tags]).toEqual([200, ['b']]);
  expect(changed.headers.get('cache-control')).toBe('private, no-cache');
});

it('is for servers: no page of another site may read it', async () => {
  const { headers } = await api(test, 'users?email=nobody@example.com');
  expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});
