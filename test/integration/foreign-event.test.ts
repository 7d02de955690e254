import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';

let test: TestStack;
let context: Context;
beforeAll(async () => {
  test = await startTestStack({ withPoller: false });
  context = createLambdaContext({ timeoutMs: 30_000 });
});
afterAll(() => test.stop());

it.each<[string, unknown]>([
  ["the console's test event", { key1: 'value1', key2: 'value2', key3: 'value3' }],
  ['nothing', {}],
  ['null', null],
  ['a text', 'hello'],
  ['a number', 1],
  ['an array', []],
  ['an event of payload 1.0', { version: '1.0', httpMethod: 'GET', requestContext: { requestId: '1' } }],
  ['an event of S3', { Records: [{ eventSource: 'aws:s3', s3: {} }] }],
  ['an event of SNS without its message', { Records: [{ EventSource: 'aws:sns' }] }],
  ['records that are none', { Records: 'many' }],
  ['records of nothing', { Records: [null] }],
  ['a context without HTTP', { version: '2.0', requestContext: {} }],
])('%s is told what it is, fails nothing and logs nothing', async (_what, event) => {
  const logged = test.log.length;
  const answer = await test.stack.handler(event as never, context);
  expect(answer).toEqual({ message: expect.stringContaining('no event of API Gateway') });
  expect(test.log).toHaveLength(logged);
});
