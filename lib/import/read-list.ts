import type { ListKind } from '../../functions/crm/contact-list.ts';
import type { CrmClient } from '../../functions/crm/crm-client.ts';
import { ContactNotFound, CrmAuthError } from '../../functions/crm/crm-errors.ts';
import { UsherError } from '../../functions/errors.ts';
import { printable, WrongUsage } from '../commands/support/terminal.ts';
import type { Clock } from './clock.ts';
import { nearest } from './nearest.ts';
import type { ReadPage } from './walk.ts';

/** How long a CRM that limits or does not answer is asked again, in milliseconds. */
const patienceMs = 10 * 60 * 1000;
const longestPauseMs = 60_000;
/** A page that is no list may be a proxy's: it is asked for so often. */
const mostUnreadable = 3;

const isUnreadable = ({ code }: UsherError) => code === 'crm_answer_invalid';

/** Whether asking once more may help, in time; one whose answers cannot be read is another matter. */
function mayHelp(error: unknown): error is UsherError {
  if (!(error instanceof UsherError) || !error.retryable) return false;
  return !(error instanceof ContactNotFound) && !(error instanceof CrmAuthError);
}

/** Asks for something until it is answered, as long as that may help. @throws what the last try threw */
export async function patiently<Result>(ask: () => Promise<Result>, { now, sleep }: Clock): Promise<Result> {
  const began = now().getTime();
  let unreadable = 0;
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!mayHelp(error)) throw error;
      unreadable += isUnreadable(error) ? 1 : 0;
      const left = began + patienceMs - now().getTime();
      const wanted = (error.retryAfterSeconds ?? 0) * 1000;
      if (unreadable >= mostUnreadable || left <= 0 || wanted > left) throw error;
      const own = Math.min(1000 * 2 ** (failures - 1), longestPauseMs);
      await sleep(Math.max(wanted, own));
    }
  }
}

/**
 * Reads the pages of a CRM's list.
 *
 * @throws WrongUsage naming those that there are, when there is no such tag or segment
 */
export const listReader =
  (crm: CrmClient, kind: ListKind, of: string, clock: Clock): ReadPage =>
  async (place) => {
    const page = await patiently(() => crm.list(kind, of, place), clock);
    if (!('names' in page)) return page;
    const names = nearest(of, page.names).map((name) => `"${printable(name)}"`);
    const others = names.length === 0 ? 'There are none.' : `There are, nearest first: ${names.join(', ')}.`;
    throw new WrongUsage(`The CRM has no ${kind} "${printable(of)}". ${others}`);
  };

/**
 * Reads a list that goes on from a place that was kept. CRMs forget cursors: when the first page cannot be read, it begins without a
 * place, and whoever was seen before is left out, as always.
 */
export function orAnew(read: ReadPage): ReadPage {
  let isFirst = true;
  return async (place) => {
    const mayBeForgotten = isFirst && place !== undefined;
    isFirst = false;
    try {
      return await read(place);
    } catch (error) {
      if (mayBeForgotten && error instanceof UsherError && isUnreadable(error)) return read(undefined);
      throw error;
    }
  };
}
