import { ContactNotFound, CrmWriteRefused } from '../crm/crm-errors.ts';
import { loadIfThere } from '../crm/load-if-there.ts';
import { connectorOf } from '../crm/registry.ts';
import { derivePassword, hashGenerated, hashPassword } from '../users/password.ts';
import { type Effect, over } from './effect.ts';

/**
 * Writes a generated password to the contact's field in the CRM that asked for it. The plain text is made here, sent there,
 * and kept nowhere. It is made of the CRM's token and of random bytes that the user has while it is pending: a second try makes
 * the same one, and who has only the table or only the token cannot.
 */
export const returnPassword: Effect = {
  async prepare(user, ports, { connection: name, salt, job }) {
    // Those of earlier releases do not say whose they are.
    const asked = name ?? job.connection;
    const connection = ports.config.connections[asked];
    const crm = ports.crm(asked);
    const field = connection?.returnPassword?.field;
    // The operator has taken the connection or the field out of the configuration: there is nowhere to write to.
    if (!connection || !crm || field === undefined) return over;

    const contactId = user.contacts[asked];
    // The link was taken away: there is nobody to return it to.
    if (contactId === undefined) return over;
    const fresh = () => ports.random.bytes(32).toString('base64url');
    const password = derivePassword(await ports.apiToken(asked), `${user.id} ${salt ?? fresh()}`);
    // What is made of a password that somebody has chosen is no harder to guess than that.
    const hash = connectorOf(connection.crm).isTokenChosen ? hashPassword : hashGenerated;
    const passwordHash = await hash(password, ports.random);
    const passwordSetAt = ports.now().toISOString();
    // Nobody but an import has written this user: the password is its doing.
    const isImported = user.importedBy !== undefined && user.importedVersion === user.version;
    return {
      written: {
        passwordHash,
        passwordSetAt,
        ...(isImported ? { importedPasswordSetAt: passwordSetAt } : {}),
      },
      async perform() {
        try {
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
