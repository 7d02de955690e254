import mailchimp from '@mailchimp/mailchimp_marketing';

export const sdk = '@mailchimp/mailchimp_marketing';

export function open({ origin, secrets, settings }) {
  mailchimp.setConfig({ apiKey: secrets.apiToken, server: 'us1' });
  mailchimp.lists.apiClient.basePath = `${origin}/3.0`;
  const { audience } = settings;
  return {
    load: ({ id }) => mailchimp.lists.getListMember(audience, id),
    find: ({ email }) => mailchimp.lists.getListMember(audience, email),
    write: ({ id }, field, value) =>
      mailchimp.lists.updateListMember(audience, id, { merge_fields: { [field]: value } }),
  };
}
