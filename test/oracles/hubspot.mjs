import { Client } from '@hubspot/api-client';

export const sdk = '@hubspot/api-client';

export function open({ url, secrets }) {
  const { contacts, lists } = new Client({ accessToken: secrets.apiToken, basePath: url }).crm;
  const properties = ['email'];
  return {
    async load({ id }) {
      await contacts.basicApi.getById(id, properties);
      await lists.membershipsApi.getLists('0-1', id);
    },
    find: ({ email }) =>
      contacts.basicApi.getById(email, properties, undefined, undefined, undefined, 'email'),
    write: ({ id }, field, value) => contacts.basicApi.update(id, { properties: { [field]: value } }),
  };
}

const asked = {
  without: ['query.properties'],
  why: 'Which properties are wanted is for the caller to say: those that are mapped.',
};
export const differs = [
  { step: 'load', request: 'GET /crm/v3/objects/contacts/{id}', ...asked },
  { step: 'find', request: 'GET /crm/v3/objects/contacts/{email}', ...asked },
];
