import mailerlite from '@mailerlite/mailerlite-nodejs';

export const sdk = '@mailerlite/mailerlite-nodejs';

export function open({ origin, secrets }) {
  const MailerLite = mailerlite.default ?? mailerlite;
  const { subscribers } = new MailerLite({ api_key: secrets.apiToken, base_path: origin });
  return {
    load: ({ id }) => subscribers.find(id),
    find: ({ email }) => subscribers.find(email),
    write: ({ id }, field, value) => subscribers.update(id, { fields: { [field]: value } }),
  };
}
