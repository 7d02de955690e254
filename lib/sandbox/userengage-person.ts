import * as z from 'zod';
import { checkPerson } from './check-person.ts';
import { type SeedPerson, seededAt, seedPeople } from './people.ts';
import type { PersonShape, SavedPeople } from './people-store.ts';
import { userEngageAttributes } from './userengage-attributes.ts';

const text = z.string().nullable().default(null);

/** Standard fields of a user that a client may write: https://apidocs.user.com/users/update-user.html */
export const writableFields = {
  email: text,
  name: text,
  phone_number: text,
  city: text,
  region: text,
  country: text,
  timezone: text,
  gender: z.string().default('unknown'),
  status: z.string().default('visitor'),
  score: z.number().default(0),
  unsubscribed: z.boolean().default(false),
  notifications: z.boolean().default(true),
  facebook_url: text,
  linkedin_url: text,
  twitter_url: text,
  google_url: text,
  gravatar_url: text,
};

const attributeValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

const personSchema = z.strictObject({
  id: z.int().positive(),
  /** Answered as `user_id` (version 1) or `custom_id` (version 2). */
  user_id: text,
  ...writableFields,
  tags: z.array(z.string().min(1)).default([]),
  attributes: z
    .record(z.string(), attributeValue)
    .refine((attributes) => Object.keys(attributes).every((name) => userEngageAttributes.has(name)), {
      error: `only these exist: ${[...userEngageAttributes.keys()].join(', ')}`,
    })
    .default({}),
  lists: z.array(z.looseObject({})).default([]),
  companies: z.array(z.looseObject({})).default([]),
  page_views: z.int().default(0),
  first_seen: text,
  last_seen: text,
  last_contacted: text,
  last_ip: text,
  browser: text,
  browser_language: text,
  os_type: text,
  resolution: text,
  created_at: z.string().default(now),
  updated_at: z.string().default(now),
});

/** A user of the account: tags by name and custom attributes by `name_std`, however a version answers them. */
export type UserEngagePerson = z.output<typeof personSchema>;

export const userEngagePersonShape: PersonShape<UserEngagePerson> = {
  complete: (draft) => checkPerson(personSchema, draft),
  newId: (highestNumber) => highestNumber + 1,
  tagsOf: ({ tags }) => tags,
};

/** The time of a change, as User.com writes it. */
export function now(): string {
  return microseconds(new Date().toISOString());
}

/** The twelve characters that User.com gives every user. */
export function userKey({ id }: { id: number }): string {
  return `key${String(id).padStart(9, '0')}`;
}

/** User.com's timestamps have six digits after the second. */
function microseconds(isoTime: string): string {
  return isoTime.replace(/\.(\d{3})Z$/, '.$1000Z');
}

export const userEngageSeed: SavedPeople = {
  tags: [],
  people: seedPeople.map((seed, index) => seedPerson(seed, index + 1)),
};

function seedPerson(seed: SeedPerson, id: number): object {
  const { last_seen, ...custom } = seed.custom ?? {};
  return {
    id,
    user_id: seed.userId ?? null,
    email: seed.email,
    name: [seed.firstName, seed.lastName].filter(Boolean).join(' ') || null,
    phone_number: seed.phone ?? null,
    city: seed.city ?? null,
    country: seed.country ?? null,
    tags: seed.tags,
    attributes: { ...custom, ...(last_seen === undefined ? {} : { last_seen: microseconds(last_seen) }) },
    created_at: microseconds(seededAt),
    updated_at: microseconds(seededAt),
  };
}
