import type { Plugin } from 'esbuild';

/**
 * Lambda puts credentials into the environment, where they stay the same for the life of the process, so that they are read once. The SDK's
 * search for files, SSO and metadata services stays out.
 */
export const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(context) {
    context.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: 'environment-credentials',
      namespace: 'environment-credentials',
    }));
    context.onLoad({ filter: /.*/, namespace: 'environment-credentials' }, () => ({
      contents: `
        import { fromEnv } from '@aws-sdk/credential-provider-env';
        const read = fromEnv();
        let credentials;
        export const defaultProvider = () => () => (credentials ??= read());
      `,
      resolveDir: import.meta.dirname,
      loader: 'js',
    }));
  },
};
