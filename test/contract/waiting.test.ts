import { beforeEach, expect, it } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { toHttpEvent } from '../../lib/dev/http-event.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { webhookRequest } from '../../lib/sandbox/webhook-request.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { patient } from './configs.ts';
import { crms, newContact } from './contacts.ts';

useTestStack({ config: patient, withPoller: false });
beforeEach(() => {
  for (const crm of crms) test[crm].requests.clear();
});

/** The status of an add that API Gateway received so long ago, in milliseconds. */
async function statusOf(ageMs: number): Promise<number | undefined> {
  const id = newContact(test, crm);
  const key = String(test.stack.connections[crm]?.accessKey);
  const { body } = webhookRequest(crm, new URL(test.stack.webhook), { id }, new Date());
  const event = toHttpEvent({
    method: 'POST',
    target: `/?wpf_action=add&access_key=${key}`,
    httpVersion: '1.1',
    rawHeaders: [],
    body: Buffer.from(body),
    sourceIp: '127.0.0.1',
    requestId: 'waiting',
    receivedAt: new Date(Date.now() - ageMs),
  });
  const answer = await test.stack.handler(event, createLambdaContext({ timeoutMs: 30_000 }));
  return (answer as APIGatewayProxyStructuredResultV2).statusCode;
}

it('a webhook whose sender has waited long enough already is queued', async () => {
  expect(await statusOf(patient.responseBudgetMs + 1000)).toBe(202);
  expect(test[crm].requests.list()).toEqual([]);
});

it.each([
  ['just now', 0],
  ['by a clock that is ahead', -60_000],
  ['by a clock that is behind', 60_000],
])('a webhook received %s has all of its time', async (_name, ageMs) => {
  expect(await statusOf(ageMs)).toBe(200);
});
