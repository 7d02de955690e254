import { ApiKeySession, ProfilesApi } from 'klaviyo-api';

export const sdk = 'klaviyo-api';

export function open({ origin, secrets }) {
  const profiles = new ProfilesApi(new ApiKeySession(secrets.apiToken));
  profiles.basePath = origin;
  return {
    async load({ id }) {
      await profiles.getProfile(id);
      await profiles.getListsForProfile(id, { fieldsList: ['name'] });
    },
    find: ({ email }) => profiles.getProfiles({ filter: `equals(email,"${email}")` }),
    write: ({ id }, field, value) =>
      profiles.updateProfile(id, {
        data: { type: 'profile', id, attributes: { properties: { [field]: value } } },
      }),
  };
}
