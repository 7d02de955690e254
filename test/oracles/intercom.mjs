import { IntercomClient } from 'intercom-client';

export const sdk = 'intercom-client';

export function open({ url, secrets }) {
  const { contacts } = new IntercomClient({ token: secrets.apiToken, baseUrl: url });
  return {
    async load({ id }) {
      await contacts.find({ contact_id: id });
      await contacts.listAttachedTags({ contact_id: id });
    },
    find: ({ email }) =>
      contacts.search({
        pagination: { per_page: 50 },
        query: { field: 'email', operator: '=', value: email },
      }),
    write: ({ id }, field, value) =>
      contacts.update({ contact_id: id, custom_attributes: { [field]: value } }),
  };
}
