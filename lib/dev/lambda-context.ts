import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/**
 * The context object Lambda hands to one invocation that may take `timeoutMs` from now.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function createLambdaContext(options: { timeoutMs: number; functionName?: string }): Context {
  const functionName = options.functionName ?? 'usher-local';
  const deadline = Date.now() + options.timeoutMs;
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:000000000000:function:${functionName}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]local`,
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: notInThisRuntime,
    fail: notInThisRuntime,
    succeed: notInThisRuntime,
  };
}

/** Node.js 24 on Lambda has no callbacks any more; the types still ask for them. */
function notInThisRuntime(): never {
  throw new TypeError("Lambda's Node.js 24 runtime has no callbacks: return a promise.");
}
