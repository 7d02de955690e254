// A fresh process that loads the function and handles one event, then the same again and again: what the first took, and each later one.
// Nothing of Node that the function would have to load by itself is touched before the first is over.
const [, , function_, event, count] = process.argv;
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const { handler } = await import(function_);
const run = async () => {
  const given = JSON.parse(event);
  // Whoever has waited for so long gets no more time.
  given.requestContext.timeEpoch = Date.now();
  const { body } = await handler(given, { awsRequestId: 'first', getRemainingTimeInMillis: () => 30_000 });
  if (!body.includes('"updated"')) throw new Error(`The function did not update: ${body}`);
};
await run();
const first = cpuMs();
for (let done = 0; done < count / 2; done += 1) await run();
const begun = cpuMs();
for (let done = 0; done < count; done += 1) await run();
const warm = (cpuMs() - begun) / count;
process.stdout.write(`\n@${JSON.stringify({ first, warm })}\n`);
