import { Configuration, PersonsApi } from 'pipedrive/v2';

export const sdk = 'pipedrive';

export function open({ url, secrets }) {
  const persons = new PersonsApi(new Configuration({ apiKey: secrets.apiToken, basePath: url }));
  return {
    load: ({ id }) =>
      persons.getPerson({ id: Number(id), include_labels: true, include_option_labels: true }),
    find: ({ email }) => persons.searchPersons({ term: email, fields: 'email', exact_match: true }),
    write: ({ id }, field, value) =>
      persons.updatePerson({ id: Number(id), UpdatePersonRequest: { custom_fields: { [field]: value } } }),
  };
}
