import { APIClient, IdentifierType, TrackClient } from 'customerio-node';

export const sdk = 'customerio-node';

export function open({ url, secrets, settings }) {
  const app = new APIClient(secrets.apiToken, { url });
  const track = new TrackClient(settings.siteId, secrets.trackKey, { url });
  return {
    async load({ id }) {
      await app.getAttributes(id, IdentifierType.CioId);
      await app.getCustomerSegments(id, IdentifierType.CioId);
    },
    find: ({ email }) => app.getCustomersByEmail(email),
    write: ({ id }, field, value) => track.identify(`cio_${id}`, { _update: true, [field]: value }),
  };
}
