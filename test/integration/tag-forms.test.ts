import { describe, expect, it } from '@jest/globals';
import { update, updateTags } from '../../functions/actions/update.ts';
import { cleanTags } from '../../functions/crm/connector.ts';
import { tagKey } from '../../functions/users/items.ts';
import { usersWithTag } from '../../functions/users/list.ts';
import { verifyTable } from '../../lib/verify/verify-table.ts';
import { contactOf, person, ports, requestFor, setContact, useActionPorts, userOf } from './action-ports.ts';
import { allItems, collected } from './table-state.ts';

useActionPorts();

const [composed, decomposed] = ['Käufer', 'Ka\u0308ufer'];
const long = (tag: string) => tag.repeat(200);

/** The index of a user's tags. */
const indexOf = async (userId: string) =>
  (await allItems(ports.users)).filter(({ sk }) => sk === `USER#${userId}`).map(({ pk }) => pk);

/** What `usher verify` has to say about a user. */
async function problems() {
  const options = { pendingSince: new Date(0), sleep: () => Promise.resolve(), onRead: () => undefined };
  return collected(verifyTable(ports.users, options));
}

describe('a tag that was stored in another normal form', () => {
  it.each([
    ['alone', [decomposed], [composed]],
    ['beside its other form', [composed, decomposed], [composed]],
    ['among others', ['a', decomposed, 'b'], ['a', composed, 'c']],
    ['longer than a key', [long(decomposed)], [long(composed)]],
  ])('%s moves with its index to NFC with the next webhook', async (_name, before, inCrm) => {
    for (const action of [update, updateTags]) {
      const user = await person({ tags: before });
      expect(await problems()).toEqual([{ kind: 'old_spelling', userId: user.id }]);
      setContact(ports, contactOf(user), { email: user.email }, cleanTags(inCrm));
      expect(await action(requestFor(contactOf(user)), ports)).toMatchObject({ result: 'updated' });
      expect((await userOf(ports, contactOf(user))).tags).toEqual([...inCrm].sort());
      expect((await indexOf(user.id)).sort()).toEqual(inCrm.map((tag) => tagKey(tag, user.id).pk).sort());
      expect(await problems()).toEqual([]);
      expect(await action(requestFor(contactOf(user)), ports)).toMatchObject({ result: 'unchanged' });
    }
  });

  it('finds its users by either form, each once', async () => {
    const tag = 'Ünique';
    const users = [
      await person({ tags: [tag] }),
      await person({ tags: [tag.normalize('NFD')] }),
      await person({ tags: [tag, tag.normalize('NFD')] }),
    ];
    for (const asked of [tag, tag.normalize('NFD')]) {
      const found = await collected(usersWithTag(ports.users, asked));
      expect(found.map(({ id }) => id).sort()).toEqual(users.map(({ id }) => id).sort());
    }
  });
});
