import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { listKinds } from '../../functions/crm/contact-list.ts';
import type { Random } from '../../functions/random.ts';
import { CommandError, WrongUsage } from '../commands/support/terminal.ts';

const version = 2;

const counts = z.record(z.string(), z.int());

const schema = z.strictObject({
  version: z.literal(version),
  id: z.uuid(),
  kind: z.enum(['import', 'resync']),
  /** The stage, or the port of the local stack. */
  target: z.string(),
  connection: z.string(),
  /** Of the CRM's list, of the table, or of ids that were given: those stand in a file beside it. */
  by: z.enum([...listKinds, 'ids', 'user']),
  of: z.string(),
  role: z.string().optional(),
  notify: z.boolean(),
  rate: z.number(),
  limit: z.int().optional(),
  /** How many there were when they were counted. */
  total: z.int(),
  startedAt: z.string(),
  /** Where the list was read last. */
  place: z.string().optional(),
  /** Ids of a page that is being sent: after an interruption nobody knows how many of them were. */
  sending: z.array(z.string()),
  /** How many were sent; their ids stand in a file beside it. */
  sent: z.int(),
  isRead: z.boolean(),
  /** Result → how many, as far as it was known at the last page. */
  results: counts,
});

/** How far an import or a resync has come: ids and counts, so that it can go on after an interruption. No addresses. */
export type State = z.infer<typeof schema>;

const folderOf = (cwd: string) => join(cwd, '.usher');

/** A file of an import: its state, the ids that it has sent, or those that it was given. */
export const fileOf = (
  cwd: string,
  { kind, id }: Pick<State, 'kind' | 'id'>,
  type: 'json' | 'ids' | 'given',
): string => join(folderOf(cwd), `${kind}-${id}.${type}`);

export const newState = (given: Omit<State, 'version' | 'sending' | 'sent' | 'isRead' | 'results'>) =>
  ({ version, sending: [], sent: 0, isRead: false, results: {}, ...given }) satisfies State;

/** Whether the list was read to its end and every job has come to its own, as far as it was known at last. */
export function isOver({ isRead, sent, results }: State): boolean {
  const done = Object.values(results).reduce((all, count) => all + count, 0);
  return isRead && done >= sent;
}

/** Replaces the file in one step: a process that dies leaves the one before or this one, and never half of it. */
export async function writeState(cwd: string, state: State, random: Pick<Random, 'uuid'>): Promise<void> {
  const file = fileOf(cwd, state, 'json');
  await mkdir(folderOf(cwd), { recursive: true });
  // Another process may write the same state: each has a new file of its own.
  const written = `${file}.${random.uuid()}.new`;
  await writeFile(written, JSON.stringify(state), { mode: 0o600 });
  await rename(written, file);
}

function parsed(text: string, file: string): State {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new WrongUsage(`${file} cannot be read: it is no JSON.`);
  }
  const result = schema.safeParse(read);
  if (result.success) return result.data;
  throw new WrongUsage(
    `${file} is not of this version of Usher. Begin anew: what is done already stays as it is.`,
  );
}

/** @throws WrongUsage when there is none, or one of another version */
export async function readState(cwd: string, kind: State['kind'], id: string): Promise<State> {
  if (!z.uuid().safeParse(id).success)
    throw new WrongUsage(
      `That is no id. Those that there are stand in names of files: .usher/${kind}-<id>.json.`,
    );
  const file = fileOf(cwd, { kind, id }, 'json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new WrongUsage(`There is no file .usher/${kind}-${id}.json in this folder.`, { cause });
  }
  return parsed(text, `.usher/${kind}-${id}.json`);
}

/** Every one of a kind in this folder, oldest first. Those of other versions are left out. */
export async function allStates(cwd: string, kind: State['kind']): Promise<State[]> {
  const names = await readdir(folderOf(cwd)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new CommandError('The folder .usher cannot be read.', { cause: error });
  });
  const states: State[] = [];
  for (const name of names.filter((one) => one.startsWith(`${kind}-`) && one.endsWith('.json'))) {
    const read = schema.safeParse(await readFile(join(folderOf(cwd), name), 'utf8').then(jsonOrNothing));
    if (read.success) states.push(read.data);
  }
  return states.sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
