import { UsherError } from '../errors.ts';
import { bodyBytes } from './body.ts';
import type { Step } from './webhook-context.ts';

/** Refuses what costs nothing to refuse: path, method, size. */
export function gate(): Step {
  return {
    before({ event }) {
      if (event.rawPath !== '/' && event.rawPath !== '') {
        throw new UsherError('not_found', 'There is nothing at this path. Webhooks go to /.');
      }
      const { method } = event.requestContext.http;
      if (method !== 'GET' && method !== 'POST') {
        throw new UsherError('method_not_allowed', 'Use GET or POST.');
      }
      bodyBytes(event);
    },
  };
}
