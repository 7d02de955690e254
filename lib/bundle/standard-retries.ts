import { replacedFiles } from './replaced-files.ts';

/** The SDK's adaptive retries slow a client down that is throttled. The function's are the standard ones. */
export const standardRetries = replacedFiles('standard-retries', {
  '@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js': `
    export class AdaptiveRetryStrategy {
      constructor() { throw new Error('The function has no adaptive retries.'); }
    }
  `,
});
