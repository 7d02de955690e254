import { Configuration, PersonFieldsApi, PersonsApi } from 'pipedrive/v2';

export const sdk = 'pipedrive';

export function open({ url, secrets }) {
  const configuration = new Configuration({ apiKey: secrets.apiToken, basePath: url });
  const [persons, fields] = [new PersonsApi(configuration), new PersonFieldsApi(configuration)];
  return {
    load: ({ id }) =>
      persons.getPerson({ id: Number(id), include_labels: true, include_option_labels: true }),
    find: ({ email }) =>
      persons.searchPersons({ term: email, fields: 'email', exact_match: true, limit: 10 }),
    async write({ id }, field, value) {
      const { data } = await fields.getPersonFields({ limit: 500 });
      const { field_code: code } = data.find(({ field_name }) => field_name === field);
      await persons.updatePerson({
        id: Number(id),
        UpdatePersonRequest: { custom_fields: { [code]: value } },
      });
    },
  };
}
