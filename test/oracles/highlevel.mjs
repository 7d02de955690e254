import { HighLevel } from '@gohighlevel/api-client';

export const sdk = '@gohighlevel/api-client';

export function open({ url, secrets, settings: { location } }) {
  const highLevel = new HighLevel({ privateIntegrationToken: secrets.apiToken, apiVersion: '2021-07-28' });
  highLevel.getHttpClient().defaults.baseURL = url;
  const { contacts, locations } = highLevel;
  return {
    load: ({ id }) => contacts.getContact({ contactId: id }),
    find: ({ email }) => contacts.getDuplicateContact({ locationId: location, email }),
    async write({ id }, field, value) {
      const { customFields } = await locations.getCustomFields({ locationId: location, model: 'contact' });
      const { id: fieldId } = customFields.find(({ fieldKey }) => fieldKey === field);
      await contacts.updateContact(
        { contactId: id },
        { customFields: [{ id: fieldId, field_value: value }] },
      );
    },
  };
}
