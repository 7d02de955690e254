import { replacedFiles } from './replaced-files.ts';

/** DynamoDB's client can ask for an endpoint of the account, with a cache of them. The function does not: its endpoint is the region's. */
export const noEndpointDiscovery = replacedFiles('no-endpoint-discovery', {
  '@aws-sdk/middleware-endpoint-discovery/dist-es/resolveEndpointDiscoveryConfig.js':
    'export const resolveEndpointDiscoveryConfig = (input) => input;',
});
