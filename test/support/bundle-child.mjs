// Runs the built function as Lambda does: nothing else is loaded, so that its memory is the function's.
// Plain JavaScript, because Node's type stripping takes memory too.
const { handler } = await import(process.argv[2]);

const calls = {
  invoke({ event, timeoutMs }) {
    const deadline = Date.now() + timeoutMs;
    return handler(event, {
      awsRequestId: crypto.randomUUID(),
      functionName: 'usher',
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
  },
  memory: () => ({ now: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 }),
};

process.on('message', ({ id, name, argument }) => {
  Promise.resolve()
    .then(() => calls[name](argument))
    .then(
      (result) => process.send({ id, result }),
      (error) => process.send({ id, error: String(error?.stack ?? error) }),
    );
});
process.once('disconnect', () => process.exit());
process.send({ id: 0 });
