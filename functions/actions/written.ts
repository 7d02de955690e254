import type { Written } from '../jobs/contact-request.ts';
import type { NewUser } from '../users/create.ts';
import type { UserChange } from '../users/user-change.ts';

export const nothingWritten: Written = { changed: [], tagsAdded: 0, tagsRemoved: 0 };

/** What a change writes. */
export function writtenBy({ email, role, fields = {}, tags }: UserChange): Written {
  return {
    changed: [
      ...(email === undefined ? [] : ['email']),
      ...(role === undefined ? [] : ['role']),
      ...Object.keys(fields),
    ],
    tagsAdded: tags?.added.length ?? 0,
    tagsRemoved: tags?.removed.length ?? 0,
  };
}

/** What a new user begins with. */
export const writtenFor = ({ fields, tags }: Pick<NewUser, 'fields' | 'tags'>): Written => ({
  changed: ['email', 'role', ...Object.keys(fields)],
  tagsAdded: tags.length,
  tagsRemoved: 0,
});

/** What two writes have written together. */
export const bothWritten = (one: Written, other: Written): Written => ({
  changed: [...new Set([...one.changed, ...other.changed])],
  tagsAdded: one.tagsAdded + other.tagsAdded,
  tagsRemoved: one.tagsRemoved + other.tagsRemoved,
});
