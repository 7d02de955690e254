import type { User } from '../../functions/users/user.ts';

/** A webhook to be measured without its I/O. */
export interface CpuCase {
  name: string;
  action: string;
  isAllowed: boolean;
  /** Whether the contact has a user already. */
  isKnown: boolean;
  /** The contact's field; the user's is 1. */
  score: number;
  /** What the answer has to hold for the measurement to mean anything. */
  expected: string;
}

export const cases: readonly CpuCase[] = [
  {
    name: 'update_tags, unchanged',
    action: 'update_tags',
    isAllowed: true,
    isKnown: true,
    score: 1,
    expected: '"unchanged"',
  },
  {
    name: 'update, changed',
    action: 'update',
    isAllowed: true,
    isKnown: true,
    score: 2,
    expected: '"updated"',
  },
  { name: 'add, new', action: 'add', isAllowed: true, isKnown: false, score: 1, expected: '"created"' },
  {
    name: 'wrong key',
    action: 'add',
    isAllowed: false,
    isKnown: false,
    score: 1,
    expected: '"invalid_access_key"',
  },
];

export const contactId = 'b0000000-0000-4000-8000-000000000001';

/** A contact as Encharge answers it. */
export const person = (score: number) => ({
  id: contactId,
  email: 'ada@example.com',
  userId: null,
  name: 'Ada Lovelace',
  firstName: 'Ada',
  lastName: 'Lovelace',
  leadScore: null,
  tags: 'customer,newsletter',
  country: 'United Kingdom',
  score,
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-01-05T09:00:00.000Z',
});

/** The user that `person(1)` becomes. */
export const user: User = {
  id: 'c0000000-0000-4000-8000-000000000001',
  email: 'ada@example.com',
  login: 'ada@example.com',
  role: 'subscriber',
  fields: {
    display_name: 'Ada Lovelace',
    nickname: 'ada@example.com',
    first_name: 'Ada',
    last_name: 'Lovelace',
    country: 'United Kingdom',
    score: 1,
  },
  tags: ['customer', 'newsletter'],
  contacts: { encharge: contactId },
  effects: {},
  version: 1,
  created: '2026-01-05T09:00:00.000Z',
  updated: '2026-01-05T09:00:00.000Z',
};
