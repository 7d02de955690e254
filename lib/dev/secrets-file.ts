import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { LocalStackError } from './local-stack-error.ts';

/** Secret id → its text. */
const fileSchema = z.record(z.string(), z.string());

/**
 * The secrets of the last run; none when the file does not exist.
 *
 * @throws {LocalStackError} when it holds something else
 */
export function loadSecrets(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new LocalStackError(`${file} cannot be read. Delete it to get new keys.`, { cause });
  }
}

/** Replaces the file in one step, so that a crash never leaves half of it. Only its owner may read it. */
export function saveSecrets(file: string, secrets: Readonly<Record<string, string>>): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(unfinished, file);
}
