import { ContactNotFound, CrmWriteRefused } from '../crm/crm-errors.ts';
import { loadIfThere } from '../crm/load-if-there.ts';
import { connectorOf } from '../crm/registry.ts';
import { generatePassword, hashPassword } from '../users/password.ts';
import type { Effect } from './effect.ts';

/**
 * Writes a generated password to the contact's field in the CRM. The plain text is made here, sent there, and kept
 * nowhere; a second try makes another one.
 */
export const returnPassword: Effect = {
  async prepare(user, ports, job) {
    const connection = ports.config.connections[job.connection];
    const crm = ports.crm(job.connection);
    const field = connection?.returnPassword?.field;
    const contactId = user.contacts[job.connection] ?? job.contactId;
    // The operator has taken the connection or the field out of the configuration: there is nowhere to write to.
    if (!connection || !crm || field === undefined || contactId === undefined)
      return { written: {}, perform: () => Promise.resolve('done') };

    const password = generatePassword(ports.random);
    const passwordHash = await hashPassword(password, ports.random);
    return {
      written: { passwordHash },
      async perform() {
        try {
          if (connectorOf(connection.crm).writeCreatesContacts) await crm.load(contactId);
          await crm.writeField(contactId, field, password);
        } catch (error) {
          if (!(error instanceof ContactNotFound)) throw error;
          // It may be the field that was not found. If it is the contact, nobody is left to be told the password.
          if (await loadIfThere(crm, contactId)) throw new CrmWriteRefused();
        }
        return 'done';
      },
    };
  },
};
