import { describe, expect, it } from '@jest/globals';
import { createLambdaContext } from '../../../lib/dev/lambda-context.ts';

describe('createLambdaContext', () => {
  it('describes the invocation', () => {
    const context = createLambdaContext({ timeoutMs: 1000, functionName: 'usher' });
    expect(context).toMatchObject({
      functionName: 'usher',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:usher',
      logGroupName: '/aws/lambda/usher',
    });
    expect(context.awsRequestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(createLambdaContext({ timeoutMs: 1000 }).awsRequestId).not.toBe(context.awsRequestId);
  });

  it('counts the time that is left, and not below zero', () => {
    const left = createLambdaContext({ timeoutMs: 60_000 }).getRemainingTimeInMillis();
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    expect(createLambdaContext({ timeoutMs: -1 }).getRemainingTimeInMillis()).toBe(0);
  });

  it('has no callbacks, as in the runtime', () => {
    expect(() => createLambdaContext({ timeoutMs: 1 }).succeed('done')).toThrow('no callbacks');
  });
});
