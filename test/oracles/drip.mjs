import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const sdk = 'drip-nodejs';

export function open({ origin, secrets, settings: { account } }) {
  require('drip-nodejs/lib/helpers').baseUrl = `${origin}/`;
  // The client encodes what it is given: a name and an empty password are the vendor's documented form.
  const client = require('drip-nodejs')({ token: `${secrets.apiToken}:`, accountId: account });
  return {
    load: ({ id }) => client.fetchSubscriber(id),
    find: ({ email }) => client.fetchSubscriber(email),
    write: ({ id }, field, value) => client.createUpdateSubscriber({ id, custom_fields: { [field]: value } }),
  };
}
