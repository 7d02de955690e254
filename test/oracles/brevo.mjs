import { BrevoClient } from '@getbrevo/brevo';

export const sdk = '@getbrevo/brevo';

export function open({ url, secrets }) {
  const { contacts } = new BrevoClient({ apiKey: secrets.apiToken, baseUrl: url });
  return {
    load: ({ id }) => contacts.getContactInfo({ identifier: id, identifierType: 'contact_id' }),
    find: ({ email }) => contacts.getContactInfo({ identifier: email, identifierType: 'email_id' }),
    write: ({ id }, field, value) =>
      contacts.updateContact({
        identifier: id,
        identifierType: 'contact_id',
        attributes: { [field]: value },
      }),
  };
}
