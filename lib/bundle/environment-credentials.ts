import type { Plugin } from 'esbuild';

/** Lambda puts credentials into the environment; the SDK's search for files, SSO and metadata services stays out. */
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
        export const defaultProvider = () => fromEnv();
      `,
      resolveDir: import.meta.dirname,
      loader: 'js',
    }));
  },
};
