import { access, type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogRequest } from './log-request.ts';
import { CommandError } from './terminal.ts';

/** Between two looks for new lines. */
const pollMs = 200;
const chunkSize = 64 * 1024;

async function openLog(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (error) {
    throw new CommandError('The local stack has no log. Start it again with "npm start".', { cause: error });
  }
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * The lines of the local stack's log file. Followed, it ends with the signal, or when the stack takes its file away.
 *
 * @throws CommandError when there is no such file
 */
export async function* fileLines(
  file: string,
  { follow, signal }: Pick<LogRequest, 'follow' | 'signal'>,
): AsyncGenerator<string> {
  const handle = await openLog(file);
  try {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.alloc(chunkSize);
    let rest = '';
    while (!signal.aborted) {
      const { bytesRead } = await handle.read(buffer);
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (bytesRead > 0) continue;
      if (!follow || !(await exists(file))) return;
      // Fails by the signal only, which ends the loop.
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await handle.close();
  }
}
