import { replacedFiles } from './replaced-files.ts';

const config = '@smithy/core/dist-es/submodules/config';

/** Lambda puts region and settings into the environment: there are no files of profiles to look for, and no metadata service of EC2. */
export const environmentSettings = replacedFiles('environment-settings', {
  [`${config}/node-config-provider/fromSharedConfigFiles.js`]: `
    import { CredentialsProviderError } from '../property-provider/CredentialsProviderError';
    const none = new CredentialsProviderError('There are no files of profiles in the function.');
    export const fromSharedConfigFiles = () => () => Promise.reject(none);
  `,
  [`${config}/config-resolver/regionConfig/getInstanceMetadataRegion.js`]: `
    export const getInstanceMetadataRegion = () => Promise.resolve(undefined);
  `,
});
