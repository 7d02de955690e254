import { replacedFiles } from './replaced-files.ts';

const client = '@aws-sdk/core/dist-es/submodules/client';

/** Requests to AWS name no user agent (functions/runtime/aws-clients.ts): what makes one stays out. */
export const noUserAgent = replacedFiles('no-user-agent', {
  [`${client}/middleware-user-agent/user-agent-middleware.js`]: `
    export const userAgentMiddleware = undefined;
    export const getUserAgentMiddlewareOptions = undefined;
    export const getUserAgentPlugin = () => ({ applyToStack() {} });
  `,
  [`${client}/middleware-user-agent/configurations.js`]: `
    export const DEFAULT_UA_APP_ID = undefined;
    export const resolveUserAgentConfig = (input) => input;
  `,
  [`${client}/util-user-agent-node/defaultUserAgent.js`]: `
    export const crtAvailability = undefined;
    export const createDefaultUserAgentProvider = () => () => Promise.resolve([]);
    export const defaultUserAgent = createDefaultUserAgentProvider;
  `,
});
