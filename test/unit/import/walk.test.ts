import { describe, expect, it } from '@jest/globals';
import type { ListPage } from '../../../functions/crm/contact-list.ts';
import type { CrmClient } from '../../../functions/crm/crm-client.ts';
import { CrmAnswerInvalid } from '../../../functions/crm/crm-errors.ts';
import { listReader, orAnew } from '../../../lib/import/read-list.ts';
import { EndlessList, walk } from '../../../lib/import/walk.ts';

const clock = { now: () => new Date(0), sleep: () => Promise.resolve() };
const pages = 250;
const idAt = (page: number) => `contact-${page}`;

/** The ids that a walk finds in a list of pages of one, each of which has the number of its page as cursor. */
async function found(pageAt: (place?: string) => ListPage, from: string | undefined, seen: Set<string>) {
  const list = (_kind: string, _of: string, place?: string) => Promise.resolve().then(() => pageAt(place));
  const read = orAnew(listReader({ list } as unknown as CrmClient, 'all', '', clock));
  const ids: string[] = [];
  for await (const { fresh } of walk(read, from, seen)) ids.push(...fresh.map(({ id }) => id));
  return ids;
}

/** Page by page, its cursors none of those that are forgotten. */
const without = (isForgotten: (place: string | undefined) => boolean) => (place?: string) => {
  if (isForgotten(place)) throw new CrmAnswerInvalid('status 400');
  const page = Number(place ?? 0);
  const next = page + 1 < pages ? String(page + 1) : undefined;
  return { contacts: [{ id: idAt(page), email: undefined }], next };
};

describe('a list that goes on at a place', () => {
  const seen = () => new Set(Array.from({ length: 200 }, (_, page) => idAt(page)));
  const others = Array.from({ length: pages - 200 }, (_, index) => idAt(200 + index));

  it('begins anew when the CRM has forgotten it, without those who were seen', async () => {
    expect(
      await found(
        without((place) => place === 'old'),
        'old',
        seen(),
      ),
    ).toEqual(others);
  });

  it('ends at a page after it that cannot be read', async () => {
    const ended = found(
      without((place) => place === '230'),
      '200',
      seen(),
    );
    await expect(ended).rejects.toBeInstanceOf(CrmAnswerInvalid);
  });

  it('ends where its beginning cannot be read either', async () => {
    const ended = found(
      without(() => true),
      'old',
      seen(),
    );
    await expect(ended).rejects.toBeInstanceOf(CrmAnswerInvalid);
  });
});

it('a list that gives the same contacts again and again is not read for ever', async () => {
  const round = (place?: string) => {
    const page = Number(place ?? 0);
    return { contacts: [{ id: idAt(page % 7), email: undefined }], next: String(page + 1) };
  };
  await expect(found(round, undefined, new Set())).rejects.toBeInstanceOf(EndlessList);
});
