import mailchimp from '@mailchimp/mailchimp_marketing';

export const sdk = '@mailchimp/mailchimp_marketing';

export function open({ origin, secrets, settings }) {
  mailchimp.setConfig({ apiKey: secrets.apiToken, server: 'us1' });
  const client = mailchimp.lists.apiClient;
  client.basePath = `${origin}/3.0`;
  // Any user name is right for the vendor. The sandbox takes one.
  client.defaultHeaders.authorization = `Basic ${btoa(`usher:${secrets.apiToken}`)}`;
  const { audience } = settings;
  const withoutLinks = { excludeFields: ['_links'] };
  return {
    load: ({ id }) => mailchimp.lists.getListMember(audience, id, withoutLinks),
    find: ({ email }) => mailchimp.lists.getListMember(audience, email, withoutLinks),
    write: ({ id }, field, value) =>
      mailchimp.lists.updateListMember(
        audience,
        id,
        { merge_fields: { [field]: value } },
        { skipMergeValidation: true },
      ),
  };
}
