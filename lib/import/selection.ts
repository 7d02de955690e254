import { readFile } from 'node:fs/promises';
import type { Connector } from '../../functions/crm/connector.ts';
import { type ContactLists, type ListKind, listKinds } from '../../functions/crm/contact-list.ts';
import { type Terminal, WrongUsage } from '../commands/support/terminal.ts';
import type { State } from './state.ts';

/** The contacts that are meant, as they were asked for. */
export type Selection = Pick<State, 'by' | 'of'>;

export interface SelectionOptions {
  tag?: string;
  segment?: string;
  all?: boolean;
  ids?: string;
  user?: string;
}

/**
 * Which of the selections was asked for.
 *
 * @throws WrongUsage unless it is exactly one
 */
export function selectionOf(options: SelectionOptions, ways: string): Selection {
  const { tag, segment, all, ids, user } = options;
  const given: Selection[] = [
    ...(tag === undefined ? [] : [{ by: 'tag' as const, of: tag }]),
    ...(segment === undefined ? [] : [{ by: 'segment' as const, of: segment }]),
    ...(all ? [{ by: 'all' as const, of: '' }] : []),
    ...(ids === undefined ? [] : [{ by: 'ids' as const, of: ids }]),
    ...(user === undefined ? [] : [{ by: 'user' as const, of: user }]),
  ];
  const [one, ...more] = given;
  if (!one || more.length > 0) throw new WrongUsage(`Say whom, in one way: ${ways}.`);
  return one;
}

/** @throws WrongUsage when the CRM has no such list */
export function expectListed(kind: ListKind, lists: ContactLists, title: string): void {
  if (lists[kind]) return;
  const others = listKinds.filter((one) => lists[one]).map((one) => `--${one}`);
  const instead = [...others, '--ids'].join(' or ');
  throw new WrongUsage(
    `${title} documents no list of contacts ${kind === 'all' ? 'at all' : `by ${kind}`}: use ${instead}.`,
  );
}

async function textOf(file: string, terminal: Terminal): Promise<string> {
  if (file === '-') return terminal.input();
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new WrongUsage('The file that --ids names cannot be read.', { cause });
  }
}

/**
 * The contacts' ids of a file, one a line. What could be an address is none: ids are kept in a file and shown.
 *
 * @throws WrongUsage naming the first line that holds none
 */
export async function readIds(
  file: string,
  { contactId, title }: Pick<Connector, 'contactId' | 'title'>,
  terminal: Terminal,
): Promise<string[]> {
  const lines = (await textOf(file, terminal)).split('\n').map((line) => line.trim());
  const ids = lines.flatMap((line, index) => {
    if (line === '') return [];
    const id = /[@\s\p{Cc}]/u.test(line) || line.length > 200 ? undefined : contactId(line);
    if (id === undefined)
      throw new WrongUsage(`Line ${index + 1} of --ids holds no id of a contact of ${title}.`);
    return [id];
  });
  if (ids.length === 0) throw new WrongUsage('--ids names nobody.');
  return [...new Set(ids)];
}
