import { describe, expect, it } from '@jest/globals';
import { type ListKind, listKinds } from '../../functions/crm/contact-list.ts';
import type { CrmClient } from '../../functions/crm/crm-client.ts';
import type { CrmName } from '../../functions/crm/registry.ts';
import type { Transport } from '../../functions/crm/transport.ts';
import { walk } from '../../lib/import/walk.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import type { ConnectorEntry } from './connector-entry.ts';
import { account, allEntries } from './entries.ts';
import { playedCrm } from './played-crm.ts';
import { line, talk } from './talk.ts';

const lists = (crm: CrmName, entry: ConnectorEntry) => account(crm, entry).api.lists ?? {};
const withLists = allEntries.filter(([crm, entry]) => Object.keys(lists(crm, entry)).length > 0);
const many = 230;

it.each(allEntries)('%s has its lists recorded, if it has any', (crm, entry) => {
  const kinds = new Set(Object.values(entry.lists ?? {}).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(Object.keys(lists(crm, entry))));
});

describe.each(withLists)('a list of %s', (crm, entry) => {
  const { api } = account(crm, entry);

  it.each(Object.entries(entry.lists ?? {}))(
    '%s',
    (_name, { kind, of = '', place, answers, requests, page }) => {
      const asked = talk(api.lists?.[kind]?.(of, place) as never, answers);
      expect(asked.requests.map(line)).toEqual(requests);
      expect(asked.result).toEqual(page);
    },
  );

  it.each(Object.entries(entry.noLists ?? {}))('that is none: %s', (_name, answers) => {
    expect(() => talk(api.lists?.all?.('') as never, answers)).toThrow();
  });

  const played = playedCrm(crm, entry);

  /** A tag of every third person, and what a segment of those is called in the sandbox. */
  const tag = 'every third';
  function fill() {
    for (const { id } of played.sandbox.people.list()) played.sandbox.people.remove(id);
    return Array.from({ length: many }, (_, index) => {
      const tags = index % 3 === 0 ? [tag, 'odd'] : ['odd'];
      return played.sandbox.people.put({ email: `person-${index}@example.com`, tags }).id;
    });
  }

  const pageOf = async (client: CrmClient, kind: ListKind, place: string | undefined) => {
    const page = await client.list(kind, kind === 'tag' ? tag : '', place);
    if ('names' in page) throw new Error('There is no such list.');
    return page;
  };

  async function everybody(client: CrmClient, kind: ListKind): Promise<string[]> {
    const found: string[] = [];
    for await (const { fresh } of walk((place) => pageOf(client, kind, place), undefined, new Set()))
      found.push(...fresh.filter(({ isOther }) => !isOther).map(({ id }) => id));
    return found;
  }

  const kinds = listKinds.filter((kind) => kind !== 'segment' && api.lists?.[kind]);

  it.each(kinds)('of its sandbox has everybody once: %s', async (kind) => {
    const ids = fill();
    const meant = kind === 'tag' ? ids.filter((_, index) => index % 3 === 0) : ids;
    expect((await everybody(played.client(), kind)).sort()).toEqual([...meant].sort());
  });

  it('shows addresses', async () => {
    fill();
    const { contacts } = await pageOf(played.client(), 'all', undefined);
    const people = contacts.map(({ id }) => ({ id, email: played.sandbox.people.get(id)?.email }));
    expect(contacts).toEqual(people);
  });

  if (api.lists?.segment)
    it('of a segment has its members, and names all that there are', async () => {
      const ids = fill();
      const client = played.client();
      const none = await client.list('segment', 'no such segment');
      const names = 'names' in none ? none.names : [];
      const own = names.find((name) => name.includes(tag)) ?? '';
      const page = await client.list('segment', own.replace(/ \(.*$/, ''));
      const contacts = 'contacts' in page ? page.contacts : [];
      const meant = ids.filter((_, index) => index % 3 === 0);
      expect(contacts.length).toBeGreaterThan(0);
      expect(contacts.filter(({ id }) => !meant.includes(id))).toEqual([]);
    });

  if (api.lists?.tag)
    it('by a tag that is not there names all, or finds nobody', async () => {
      fill();
      const none = await played.client().list('tag', 'no such tag');
      if ('names' in none) expect(none.names).toEqual(expect.arrayContaining([tag, 'odd']));
      // Where no call lists tags, nobody has one that is not there.
      else expect(none.contacts.filter(({ isOther }) => !isOther)).toEqual([]);
    });

  it.each<[kind: Fault['kind'], code: string]>([
    ['html', 'crm_answer_invalid'],
    ['garbage', 'crm_answer_invalid'],
    ['truncate', 'crm_answer_invalid'],
    ['unknown_shape', 'crm_answer_invalid'],
    ['truncate_wrong_length', 'crm_unavailable'],
  ])('broken by %s is no end: %s', async (kind, code) => {
    fill();
    const client = played.client();
    const { next } = await pageOf(client, 'all', undefined);
    played.sandbox.faults.inject({ kind });
    await expect(client.list('all', '', next)).rejects.toThrow(expect.objectContaining({ code }));
  });

  /** The way to a CRM that gives the page before once more, as a cache may, at the third request. */
  const repeating = (transport: Transport): Transport => {
    const answers: Awaited<ReturnType<Transport>>[] = [];
    return async (request, signal) => {
      const answer = await transport(request, signal);
      answers.push(answer);
      return answers.length === 3 ? (answers[1] ?? answer) : answer;
    };
  };

  it('has everybody, even if a page comes twice', async () => {
    const ids = fill();
    const client = played.client({}, repeating);
    const found: string[] = [];
    const read = async (place: string | undefined) => {
      try {
        return await pageOf(client, 'all', place);
      } catch {
        // What cannot be read is asked for again.
        return pageOf(client, 'all', place);
      }
    };
    for await (const { fresh } of walk(read, undefined, new Set())) found.push(...fresh.map(({ id }) => id));
    expect(found.sort()).toEqual([...ids].sort());
  });

  it('has those who stay, while others come and go', async () => {
    const ids = fill();
    const client = played.client();
    const found = new Set<string>();
    const gone = ids.filter((_, index) => index % 7 === 2);
    const come: string[] = [];
    for await (const { fresh } of walk((place) => pageOf(client, 'all', place), undefined, new Set())) {
      for (const { id } of fresh) found.add(id);
      for (const id of gone.splice(0, 9)) played.sandbox.people.remove(id);
      if (fresh.length > 0 && come.length < 20)
        come.push(played.sandbox.people.put({ email: `new-${come.length}@example.com` }).id);
    }
    const there = played.sandbox.people.list().map(({ id }) => id);
    // Whoever came at the very last look is the next webhook's.
    expect(there.filter((id) => !found.has(id) && !come.slice(-1).includes(id))).toEqual([]);
  });
});
