// A cold start: loads the function, handles one event that needs no service, and tells what it took.
// Nothing of Node that the function would have to load by itself is touched before it is over.
const { handler } = await import(process.argv[2]);
const { statusCode } = await handler(
  {
    version: '2.0',
    rawPath: '/',
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    requestContext: { requestId: 'first', http: { method: 'PUT' } },
  },
  { awsRequestId: 'first', getRemainingTimeInMillis: () => 30_000 },
);
const { user, system } = process.cpuUsage();
process.stdout.write(`\n@${JSON.stringify({ statusCode, cpuMs: (user + system) / 1000 })}\n`);
