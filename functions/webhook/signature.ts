import { type CrmName, connectorOf } from '../crm/registry.ts';
import type { SignedWebhook, WebhookForm } from '../crm/webhook-form.ts';
import type { Services } from '../runtime/services.ts';
import { invalidKey } from './authenticate.ts';
import { bodyBytes } from './body.ts';
import type { Step, WebhookEvent } from './webhook-context.ts';

type IsSigned = NonNullable<WebhookForm['isSigned']>;

/** The whole URL that was called. */
const calledUrl = ({ requestContext: { domainName }, rawPath, rawQueryString }: WebhookEvent) =>
  `https://${domainName}${rawPath}${rawQueryString === '' ? '' : `?${rawQueryString}`}`;

/** What throws while it compares is no signature. */
function isRight(isSigned: IsSigned, sent: SignedWebhook, secret: string): boolean {
  try {
    return isSigned(sent, secret);
  } catch {
    return false;
  }
}

/**
 * Refuses a body that its CRM has not signed, where the connection's secret holds what it signs with: as a wrong key is
 * refused, because both say that somebody else has sent it. Nobody signs a GET that only tries the URL out.
 */
export function expectSignature(
  { config, keyRing, now }: Pick<Services, 'config' | 'keyRing' | 'now'>,
  formOf: (crm: CrmName) => Pick<WebhookForm, 'isSigned'> = (crm) => connectorOf(crm).webhook,
): Step {
  return {
    async before({ event }) {
      const { connection, invocation, idle } = event.context;
      const crm = config.connections[connection]?.crm;
      const { isSigned } = crm === undefined ? {} : formOf(crm);
      if (!isSigned || idle === 'ok') return;
      const secret = await invocation.time('key', () => keyRing.webhookSecret(connection));
      if (secret === undefined) return;
      const { method } = event.requestContext.http;
      const [url, body] = [calledUrl(event), bodyBytes(event)];
      const { headers } = event;
      if (!isRight(isSigned, { method, url, headers, body, now: now() }, secret)) throw invalidKey();
    },
  };
}
