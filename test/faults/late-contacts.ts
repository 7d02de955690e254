import type { SeededRandom } from '../integration/seeded-random.ts';
import type { TestedCrm } from '../support/tested-crm.ts';

/** Ids that no contact has. */
const nobody = { encharge: 'ffffffff-ffff-4fff-bfff-ffffffffffff', userengage: '999999999' } as const;

/**
 * How late a CRM shows a new contact, in milliseconds: so little that the second look of a webhook finds it, or so much that
 * jobs have to look. The last of their looks comes six minutes after the webhook, which comes after the contact.
 */
export const lateness = (random: SeededRandom): number =>
  random.pick([() => 100 + random.int(900), () => 10_000 + random.int(300_000)])();

/** Contacts that a CRM has and does not show yet. */
export class LateContacts {
  readonly #shownFrom = new Map<string, number>();

  /** @param from milliseconds of the run's clock */
  hide(id: string, from: number): void {
    this.#shownFrom.set(id, from);
  }

  /** The question for somebody who is not there, if a question is for a contact that is not shown yet. */
  instead(url: URL, crm: TestedCrm, now: number): URL | undefined {
    const id = url.searchParams.get('people[0][id]') ?? /\/users\/(\d+)\/$/.exec(url.pathname)?.[1];
    const from = id === undefined ? undefined : this.#shownFrom.get(id);
    if (id === undefined || from === undefined) return undefined;
    if (now >= from) {
      this.#shownFrom.delete(id);
      return undefined;
    }
    const other = new URL(url);
    if (crm === 'encharge') other.searchParams.set('people[0][id]', nobody.encharge);
    else other.pathname = other.pathname.replace(`/${id}/`, `/${nobody.userengage}/`);
    return other;
  }
}
