import type { Contact } from './connector.ts';
import type { Conversation } from './conversation.ts';
import { ContactNotFound } from './crm-errors.ts';

/**
 * Loads contacts whom a search has found, one by one. Searches lag behind: whoever is not there any more is left out, and hides
 * nobody who is.
 */
export function* loadFound(
  found: readonly { id: string | number }[],
  load: (id: string) => Conversation<readonly Contact[]>,
): Conversation<Contact[]> {
  const contacts: Contact[] = [];
  for (const { id } of found) {
    try {
      contacts.push(...(yield* load(String(id))));
    } catch (error) {
      if (!(error instanceof ContactNotFound)) throw error;
    }
  }
  return contacts;
}
