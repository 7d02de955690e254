import { appendFile, type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WrongUsage } from '../commands/support/terminal.ts';
import { Marks } from './marks.ts';
import { fileOf, type State } from './state.ts';

/** Marks an id that is not meant. No id begins with it: it is none of a URL's path. */
const otherMark = '\t';
/** No id is so long, in bytes. */
const longestLine = 64 * 1024;

async function write(file: string, lines: readonly string[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
}

/** Keeps the ids of a page that is done: a line each, in a file that only grows, as there may be a hundred thousand. */
export async function keepIds(
  cwd: string,
  state: State,
  { sent, others }: { sent: readonly string[]; others: readonly string[] },
): Promise<void> {
  if (sent.length + others.length === 0) return;
  await write(fileOf(cwd, state, 'ids'), [...sent, ...others.map((id) => otherMark + id)]);
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** No lines where nothing was kept yet. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const handle = await openIfThere(file);
  if (handle) yield* handle.readLines();
}

/** The ids that were sent, in their order. */
export async function* sentIds(cwd: string, state: State): AsyncGenerator<string> {
  for await (const line of linesOf(fileOf(cwd, state, 'ids'))) if (!line.startsWith(otherMark)) yield line;
}

/** A process that died while it wrote may have left half a line: what is written next would become a part of it. */
async function dropHalfLine(file: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const end = Buffer.alloc(Math.min(size, longestLine));
    await handle.read(end, 0, end.length, size - end.length);
    await handle.truncate(size - end.length + end.lastIndexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}

/** Everybody whom an import has seen, sent or not; what the state says of how many were sent is what the file has. */
export async function seenIds(cwd: string, state: State): Promise<Marks> {
  const seen = new Marks();
  const file = fileOf(cwd, state, 'ids');
  await dropHalfLine(file);
  state.sent = 0;
  for await (const line of linesOf(file)) {
    const isOther = line.startsWith(otherMark);
    const id = isOther ? line.slice(otherMark.length) : line;
    if (!isOther && !seen.has(id)) state.sent += 1;
    seen.add(id);
  }
  return seen;
}

/** Keeps the ids that were given, once. */
export const keepGiven = (cwd: string, state: State, ids: readonly string[]): Promise<void> =>
  write(fileOf(cwd, state, 'given'), ids);

/** The ids that were given. @throws WrongUsage when they are not there any more: only they say who is left */
export async function* givenIds(cwd: string, state: State): AsyncGenerator<string> {
  const handle = await openIfThere(fileOf(cwd, state, 'given'));
  if (!handle)
    throw new WrongUsage(
      `There is no file .usher/${state.kind}-${state.id}.given in this folder, and only it says who is left: put it back, or begin anew with --ids.`,
    );
  yield* handle.readLines();
}
