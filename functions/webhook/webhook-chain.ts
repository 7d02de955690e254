import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Services } from '../runtime/services.ts';
import { authenticate } from './authenticate.ts';
import { gate } from './gate.ts';
import { openContext } from './open-context.ts';
import { readRequest } from './read-request.ts';
import { route } from './route.ts';
import { expectSignature } from './signature.ts';
import type { WebhookEvent } from './webhook-context.ts';

export type WebhookHandler = (
  event: WebhookEvent,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * The way of a webhook. `before` runs downwards, `after` and `onError` upwards: what is opened first is closed last.
 */
export function webhookChain(services: Services): WebhookHandler {
  return middy({ timeoutEarlyInMillis: 0 })
    .use(openContext(services))
    .use(gate(services.config))
    .use(authenticate(services.keyRing))
    .use(readRequest(services.config))
    .use(expectSignature(services))
    .handler(route(services)) as unknown as WebhookHandler;
}
