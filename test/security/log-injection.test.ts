import { expect, it } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createHandler, type UsherEvent } from '../../functions/create-handler.ts';
import { createLog } from '../../functions/runtime/log.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { captureOutput } from '../support/capture-output.ts';
import { test, useTestStack } from '../support/test-stack.ts';

useTestStack({ config: withoutPasswords, withPoller: false });

/** Ends the line, the string and the object, and goes on with a line of its own; colours and turns it round. */
const forged =
  'x"}\r\n{"level":"ERROR","message":"forged","_aws":{"forged":1}}\n\u2028\u2029\u001b[31m\u009b2J\u202E\\';

/** What the Lambda's own log writes while a webhook is worked on. */
async function written(event: object): Promise<{ lines: string[]; status: number | undefined }> {
  const endCapture = captureOutput();
  try {
    const handler = createHandler({ ...test.stack.services, log: createLog('Usher/test') });
    const answer = await handler(event as UsherEvent, createLambdaContext({ timeoutMs: 30_000 }));
    const { statusCode } = answer as APIGatewayProxyStructuredResultV2;
    return { lines: endCapture().split('\n').filter(Boolean), status: statusCode };
  } finally {
    endCapture();
  }
}

const event = (query: Record<string, string>, body?: string, headers: object = {}) => ({
  version: '2.0',
  rawPath: '/',
  rawQueryString: String(new URLSearchParams(query)),
  headers,
  ...(body === undefined ? {} : { body }),
  isBase64Encoded: false,
  requestContext: { requestId: 'request-1', http: { method: 'POST', path: '/' } },
});
const right = () => ({
  wpf_action: 'add',
  access_key: String(test.stack.connections['encharge']?.accessKey),
});

it.each<[name: string, make: () => object]>([
  ['no key', () => event({ access_key: forged })],
  ['a header', () => event({}, undefined, { 'x-access-key': forged, 'user-agent': forged })],
  ['an action', () => event({ ...right(), wpf_action: forged })],
  ['an id', () => event({ ...right(), contact_id: forged })],
  ['an id of a queued webhook', () => event({ ...right(), contact_id: forged, async: 'true' })],
  ['an id in the body', () => event(right(), JSON.stringify({ id: forged }))],
  ['ids of a batch', () => event(right(), JSON.stringify([{ id: forged }, { id: `${forged}2` }]))],
  ['an address', () => event({ ...right(), wpf_action: 'update', email: forged })],
  ['a role', () => event({ ...right(), contact_id: '1', role: forged })],
  ['a boolean', () => event({ ...right(), contact_id: '1', async: forged })],
  ['a body that is no JSON', () => event(right(), `{${forged}`)],
  ['a form', () => event(right(), `${forged}=${forged}`)],
  ['a path', () => ({ ...event(right()), rawPath: `/${forged}` })],
])('%s cannot write lines of its own into the log', async (_name, make) => {
  const { lines, status } = await written(make());
  expect(status).toBeGreaterThanOrEqual(200);
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  // One line for the webhook, and two of metrics.
  expect(parsed.filter(({ message }) => message === 'webhook')).toHaveLength(1);
  expect(parsed.filter(({ _aws }) => _aws !== undefined)).toHaveLength(2);
  expect(parsed).toHaveLength(3);
  expect(lines.join('')).not.toMatch(/forged|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  // Whoever guesses makes no metrics of his own either: they cost money.
  const dimensions = parsed.flatMap(({ action, connection, result }) => [action, connection, result]);
  expect(
    dimensions
      .filter((value) => value !== undefined)
      .map(String)
      .join(' '),
  ).toMatch(/^((add|update|none|encharge|refused|queued) ?)+$/);
});
