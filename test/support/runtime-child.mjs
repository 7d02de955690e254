// What Lambda's runtime does around a function: takes events from the Runtime API, one after the other, and answers.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const { handler } = await import(`${process.env.LAMBDA_TASK_ROOT}/index.mjs`);

for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  if (next.status !== 200) break;
  const id = next.headers.get('lambda-runtime-aws-request-id');
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const post = (path, body) =>
    fetch(`${api}/invocation/${id}/${path}`, { method: 'POST', body: JSON.stringify(body) });
  try {
    await post('response', await handler(await next.json(), context));
  } catch (error) {
    await post('error', { errorType: error.name, errorMessage: error.message });
  }
}
