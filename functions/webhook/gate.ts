import type { Config } from '../config/config.ts';
import { connectorOf } from '../crm/registry.ts';
import { UsherError } from '../errors.ts';
import { bodyBytes } from './body.ts';
import type { Step } from './webhook-context.ts';

export const methodNotAllowed = (): UsherError => new UsherError('method_not_allowed', 'Use GET or POST.');

/** Refuses what costs nothing to refuse: path, method, size. */
export function gate({ connections }: Pick<Config, 'connections'>): Step {
  // Some CRMs try a URL out with a HEAD. `readRequest` refuses every other one.
  const isProbed = Object.values(connections).some(({ crm }) => connectorOf(crm).webhook.isProbed);
  return {
    before({ event }) {
      if (event.rawPath !== '/' && event.rawPath !== '') {
        throw new UsherError('not_found', 'There is nothing at this path. Webhooks go to /.');
      }
      const { method } = event.requestContext.http;
      if (!['GET', 'POST'].includes(method) && !(isProbed && method === 'HEAD')) {
        throw methodNotAllowed();
      }
      bodyBytes(event);
    },
  };
}
