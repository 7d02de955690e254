import type { User } from '../../functions/users/user.ts';

export function exampleUser(change: Partial<User> = {}): User {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    email: 'ada@example.com',
    login: 'ada',
    role: 'subscriber',
    fields: {},
    tags: [],
    contacts: {},
    effects: {},
    version: 1,
    created: '2026-03-01T12:00:00.000Z',
    updated: '2026-03-01T12:00:00.000Z',
    ...change,
  };
}
