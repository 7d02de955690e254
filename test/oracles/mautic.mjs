import MauticConnector from 'node-mautic';

export const sdk = 'node-mautic';

export function open({ origin, secrets }) {
  const { contacts } = new MauticConnector({
    apiUrl: origin,
    username: secrets.user,
    password: secrets.apiToken,
    timeoutInSeconds: 5,
  });
  return {
    load: ({ id }) => contacts.getContact(id),
    find: ({ email }) => contacts.listContacts({ search: `email:${email}`, limit: 30 }),
    write: ({ id }, field, value) => contacts.editContact('PATCH', { [field]: value }, id),
  };
}

export const differs = [
  {
    step: 'write',
    request: 'PATCH /api/contacts/{id}/edit',
    without: ['body.overwriteWithBlank'],
    why: 'The client adds it to everything; it is about empty values, and none is ever written.',
  },
];
