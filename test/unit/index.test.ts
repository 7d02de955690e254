import { afterEach, expect, it, jest } from '@jest/globals';
import type { UsherEvent } from '../../functions/create-handler.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { captureOutput } from '../support/capture-output.ts';

const entry = '../../functions/index.ts';
const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
  jest.resetModules();
});

it('does not start without its environment, and says what is missing', async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('USHER_')) delete process.env[name];
  await expect(import(entry)).rejects.toThrow(
    /USHER_TABLE: .*USHER_QUEUE_URL: .*USHER_DEAD_LETTER_URL: .*USHER_SECRETS: /,
  );
});

it('is a handler of HTTP events', async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    USHER_TABLE: 'table',
    USHER_QUEUE_URL: 'https://queue.example.com/jobs.fifo',
    USHER_DEAD_LETTER_URL: 'https://queue.example.com/jobs-dead.fifo',
    USHER_SECRETS: '{"encharge":"secret"}',
  });
  const { handler } = (await import(entry)) as typeof import('../../functions/index.ts');
  const event = {
    version: '2.0',
    rawPath: '/elsewhere',
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    requestContext: { requestId: 'r1', http: { method: 'GET' } },
  } as unknown as UsherEvent;
  const endCapture = captureOutput();
  const answer = await handler(event, createLambdaContext({ timeoutMs: 1000 }));
  endCapture();
  expect(answer).toMatchObject({ statusCode: 404, body: expect.stringContaining('not_found') });
});
