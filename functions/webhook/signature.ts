import { connectorOf } from '../crm/registry.ts';
import type { Services } from '../runtime/services.ts';
import { invalidKey } from './authenticate.ts';
import { bodyBytes } from './body.ts';
import type { Step, WebhookEvent } from './webhook-context.ts';

/** The whole URL that was called. */
const calledUrl = ({ requestContext: { domainName }, rawPath, rawQueryString }: WebhookEvent) =>
  `https://${domainName}${rawPath}${rawQueryString === '' ? '' : `?${rawQueryString}`}`;

/**
 * Refuses a body that its CRM has not signed, where the connection's secret holds what it signs with: as a wrong key is
 * refused, because both say that somebody else has sent it.
 */
export function expectSignature({ config, keyRing, now }: Services): Step {
  return {
    async before({ event }) {
      const { connection, invocation } = event.context;
      const crm = config.connections[connection]?.crm;
      const { isSigned } = crm === undefined ? {} : connectorOf(crm).webhook;
      if (!isSigned) return;
      const secret = await invocation.time('key', () => keyRing.webhookSecret(connection));
      if (secret === undefined) return;
      const { method } = event.requestContext.http;
      const sent = {
        method,
        url: calledUrl(event),
        headers: event.headers,
        body: bodyBytes(event),
        now: now(),
      };
      if (!isSigned(sent, secret)) throw invalidKey();
    },
  };
}
