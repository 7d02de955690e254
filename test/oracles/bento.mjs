import { Analytics } from '@bentonow/bento-node-sdk';

export const sdk = '@bentonow/bento-node-sdk';

export function open({ url, secrets, settings }) {
  const { V1 } = new Analytics({
    authentication: { publishableKey: secrets.publishableKey, secretKey: secrets.apiToken },
    siteUuid: settings.site,
    clientOptions: { baseUrl: url },
  });
  return {
    load: ({ id }) => V1.Subscribers.getSubscribers({ uuid: id }),
    find: ({ email }) => V1.Subscribers.getSubscribers({ email }),
    write: ({ email }, field, value) => V1.Commands.addField({ email, field: { key: field, value } }),
  };
}
