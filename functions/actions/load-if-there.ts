import type { Contact } from '../crm/connector.ts';
import { ContactNotFound } from '../crm/crm-errors.ts';
import type { ActionPorts } from './ports.ts';

/** A contact, or undefined when the CRM has none with this id, or none any more. */
export async function loadIfThere(contactId: string, { crm }: ActionPorts): Promise<Contact | undefined> {
  try {
    return await crm.load(contactId);
  } catch (error) {
    if (error instanceof ContactNotFound) return undefined;
    throw error;
  }
}
