import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { listKinds } from '../../functions/crm/contact-list.ts';
import { CommandError, WrongUsage } from '../commands/support/terminal.ts';

const version = 1;

const counts = z.record(z.string(), z.int());

const schema = z.strictObject({
  version: z.literal(version),
  id: z.uuid(),
  kind: z.enum(['import', 'resync']),
  /** The stage, or the port of the local stack. */
  target: z.string(),
  connection: z.string(),
  /** Of the CRM's list or of the table; a list of ids has them all. */
  by: z.enum([...listKinds, 'ids', 'user']),
  of: z.string(),
  ids: z.array(z.string()).optional(),
  role: z.string().optional(),
  notify: z.boolean(),
  rate: z.number(),
  limit: z.int().optional(),
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

type Head = z.infer<typeof schema>;

/** How far an import or a resync has come: ids and counts, so that it can go on after an interruption. No addresses. */
export interface State extends Omit<Head, 'sent'> {
  sent: string[];
  /** Ids that the list has shown and that are not meant. */
  others: string[];
}

const folderOf = (cwd: string) => join(cwd, '.usher');
const fileOf = (cwd: string, { kind, id }: Pick<State, 'kind' | 'id'>, type: 'json' | 'ids' = 'json') =>
  join(folderOf(cwd), `${kind}-${id}.${type}`);

export const newState = (
  given: Omit<State, 'version' | 'sending' | 'sent' | 'others' | 'isRead' | 'results'>,
) => ({ version, sending: [], sent: [], others: [], isRead: false, results: {}, ...given }) satisfies State;

/** Replaces the file in one step: a process that dies leaves the one before or this one, and never half of it. */
export async function writeState(cwd: string, { others: _others, ...state }: State): Promise<void> {
  const file = fileOf(cwd, state);
  await mkdir(folderOf(cwd), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify({ ...state, sent: state.sent.length }), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Marks an id that is not meant. No id begins with it: it is none of a URL's path. */
const otherMark = '\t';

/** Keeps the ids of a page that is done: a line each, in a file that only grows, as there may be a hundred thousand. */
export async function keepIds(cwd: string, state: State, sent: readonly string[], others: readonly string[]) {
  const lines = [...sent, ...others.map((id) => otherMark + id)].map((line) => `${line}\n`);
  if (lines.length > 0) await appendFile(fileOf(cwd, state, 'ids'), lines.join(''), { mode: 0o600 });
}

/** What was kept; a process that died while it wrote may have left half a line, whose contact is sent once more. */
async function keptIds(cwd: string, head: Head): Promise<Pick<State, 'sent' | 'others'>> {
  const text = await readFile(fileOf(cwd, head, 'ids'), 'utf8').catch(() => '');
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const isOther = (line: string) => line.startsWith(otherMark);
  return {
    sent: [...new Set(lines.filter((line) => !isOther(line)))],
    others: [...new Set(lines.filter(isOther).map((line) => line.slice(otherMark.length)))],
  };
}

function parsed(text: string, file: string): Head {
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
  if (!z.uuid().safeParse(id).success) throw new WrongUsage(`"${kind} list" shows the ids that there are.`);
  const file = fileOf(cwd, { kind, id });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new WrongUsage(`There is no file .usher/${kind}-${id}.json in this folder.`, { cause });
  }
  const head = parsed(text, `.usher/${kind}-${id}.json`);
  return { ...head, ...(await keptIds(cwd, head)) };
}

/** Every one of a kind in this folder, oldest first. Those of other versions are left out. */
export async function allStates(cwd: string, kind: State['kind']): Promise<Head[]> {
  const names = await readdir(folderOf(cwd)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new CommandError('The folder .usher cannot be read.', { cause: error });
  });
  const states: Head[] = [];
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
