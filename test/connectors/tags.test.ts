import { describe, expect, it } from '@jest/globals';
import { allEntries } from './entries.ts';
import { playedCrm } from './played-crm.ts';

const sorted = (tags: readonly string[]) => [...tags].sort();

describe.each(allEntries)('tags of %s', (crm, entry) => {
  const played = playedCrm(crm, entry);
  const tagged = entry.examples.find(({ contact }) => contact.tags.length > 0);
  if (!tagged) throw new Error('No example has tags.');
  const { id, tags } = tagged.contact;
  const email = 'tagged@example.com';
  const questions = [
    ['by id', () => played.client().load(id)],
    ['by e-mail', () => played.client().loadByEmail(email)],
  ] as const;

  describe.each(['tags_absent', 'tags_null'] as const)('%s', (kind) => {
    const isAnswer = entry.noTags?.includes(kind) === true;
    it.each(questions)(`${isAnswer ? 'are none' : 'are not taken for none'}, %s`, async (_name, ask) => {
      played.sandbox.people.put({ ...tagged.sandbox, email });
      played.sandbox.faults.inject({ kind });
      const answer = ask();
      // It may have asked for the tags in another way, too.
      const refused = expect.objectContaining({ code: 'crm_answer_invalid', retryable: true });
      const found = await answer.then((contact) => sorted(contact?.tags ?? [])).catch((error) => error);
      expect([[], sorted(tags), refused]).toContainEqual(found);
      expect(Array.isArray(found) && found.length === 0).toBe(isAnswer);
    });
  });

  const odd = ['käufer & söhne', 'a, b', '👍 yes', '"quoted"'];
  const possible = odd.filter((tag) => !entry.tagsCannotHave?.some((part) => tag.includes(part)));
  it.each(possible)('may be %s', async (tag) => {
    played.sandbox.people.put({ ...tagged.sandbox, email, tags: [tag, 'plain'] });
    for (const [, ask] of questions) {
      expect(sorted((await ask())?.tags ?? [])).toEqual(sorted([tag, 'plain']));
    }
  });

  it('are none, one and several among its examples', () => {
    const counts = entry.examples.map(({ contact }) => Math.min(contact.tags.length, 2));
    expect(new Set(counts)).toEqual(new Set([0, 1, 2]));
  });
});
