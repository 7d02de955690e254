import type { Contact } from './connector.ts';
import type { CrmClient } from './crm-client.ts';
import { ContactNotFound } from './crm-errors.ts';

/** A contact, or undefined when the CRM has none with this id, or none any more. */
export async function loadIfThere(
  crm: Pick<CrmClient, 'load'>,
  contactId: string,
): Promise<Contact | undefined> {
  try {
    return await crm.load(contactId);
  } catch (error) {
    if (error instanceof ContactNotFound) return undefined;
    throw error;
  }
}
