import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { toHttpEvent } from '../../lib/dev/http-event.ts';

/** The event of a webhook with a JSON body, as API Gateway makes it. */
export function webhookEvent(query: Record<string, string>, body: object): APIGatewayProxyEventV2 {
  return toHttpEvent({
    method: 'POST',
    target: `/?${new URLSearchParams(query)}`,
    httpVersion: '1.1',
    rawHeaders: ['Host', 'usher.example.com', 'Content-Type', 'application/json', 'User-Agent', 'bench'],
    body: Buffer.from(JSON.stringify(body)),
    sourceIp: '127.0.0.1',
    requestId: randomUUID(),
    receivedAt: new Date(),
  });
}
