import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { checkPerson } from './check-person.ts';
import { type SeedPerson, seededAt, seedPeople } from './people.ts';
import type { PersonShape, SavedPeople } from './people-store.ts';

/** What was never written is absent, and what was emptied is null: clients meet both. */
const text = z.string().nullable().optional();
const now = () => new Date().toISOString();

const personSchema = z.looseObject({
  id: z.string().min(1),
  email: z.string().nullable().default(null),
  userId: text,
  name: text,
  firstName: text,
  lastName: text,
  leadScore: z.number().nullable().optional(),
  CommunicationCategories: z.record(z.string(), z.unknown()).nullable().optional(),
  tags: z.string().nullable().optional(),
  createdAt: z.string().default(now),
  updatedAt: z.string().default(now),
});

/** A person as Encharge stores and answers it: flat, custom fields among the others, tags as one text. */
export type EnchargePerson = z.output<typeof personSchema>;

export const enchargePersonShape: PersonShape<EnchargePerson> = {
  complete: (draft) => checkPerson(personSchema, draft),
  newId: () => randomUUID(),
  tagsOf: ({ tags }) => splitTags(tags),
};

/** The names in a comma-separated text, trimmed, each once. */
export function splitTags(tags: string | null | undefined): string[] {
  const names = (tags ?? '').split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/** The id of the nth seed person. */
export function enchargeSeedId(number: number): string {
  return `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export const enchargeSeed: SavedPeople = {
  tags: [],
  people: seedPeople.map((seed, index) => seedPerson(seed, enchargeSeedId(index + 1))),
};

function seedPerson(seed: SeedPerson, id: string): object {
  const { last_seen: lastSeen, ...custom } = seed.custom ?? {};
  const { firstName, lastName, email, phone, city, country } = seed;
  const tags = 'enchargeTags' in seed ? seed.enchargeTags : seed.tags.join(',') || undefined;
  return {
    id,
    email,
    userId: seed.userId ?? null,
    name: [firstName, lastName].filter(Boolean).join(' ') || null,
    firstName,
    lastName,
    leadScore: null,
    CommunicationCategories: null,
    ...(phone === undefined ? {} : { phone }),
    ...(city === undefined ? {} : { city }),
    ...(country === undefined ? {} : { country }),
    ...(tags === undefined ? {} : { tags }),
    createdAt: seededAt,
    updatedAt: seededAt,
    ...custom,
    ...(lastSeen === undefined ? {} : { lastSeen }),
  };
}
