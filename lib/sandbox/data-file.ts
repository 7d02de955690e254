import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { SavedPeople } from './people-store.ts';
import { checkPerson } from './person.ts';

const fileSchema = z.object({
  crm: z.string(),
  lastNumber: z.int(),
  tags: z.array(z.string()),
  people: z.array(z.looseObject({})),
});

/**
 * The people that a sandbox of this CRM saved, or `undefined` when the file does not exist.
 * @throws {Error} when it holds something else
 */
export function loadPeople(file: string, crm: string): SavedPeople | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  try {
    const { people, ...saved } = fileSchema.extend({ crm: z.literal(crm) }).parse(JSON.parse(text));
    return { ...saved, people: people.map(checkPerson) };
  } catch (cause) {
    throw new Error(`${file} is not the data of a sandbox for ${crm}; delete it to start afresh`, { cause });
  }
}

/** Replaces the file in one step, so that a reader or a crash never finds half of it. */
export function savePeople(file: string, crm: string, saved: SavedPeople): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, `${JSON.stringify({ crm, ...saved }, null, 1)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}
