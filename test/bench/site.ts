import { randomInt, randomUUID } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { secureRandom } from '../../functions/random.ts';
import { createUser } from '../../functions/users/create.ts';
import { derivePassword, hashGenerated, hashPassword } from '../../functions/users/password.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { type LocalStack, startLocalStack } from '../../lib/dev/local-stack.ts';
import config from '../../usher.config.ts';
import { printTable } from './report.ts';
import { median } from './statistics.ts';

const calls = 200;
/** Fewer tries for each than are allowed in an hour. */
const people = 5;

type Event = Parameters<LocalStack['handler']>[0];

function event(path: string, body: string, type: string, { site }: LocalStack): Event {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': type, authorization: `Bearer ${site.key}` },
    body,
    isBase64Encoded: false,
    requestContext: {
      requestId: randomUUID(),
      http: { method: 'POST', sourceIp: `198.18.${randomInt(256)}.1` },
    },
  } as unknown as Event;
}

async function timed(stack: LocalStack, given: Event, wanted: number): Promise<number> {
  const began = performance.now();
  const answer = await stack.handler(given, createLambdaContext({ timeoutMs: 30_000 }));
  const ms = performance.now() - began;
  const { statusCode } = answer as APIGatewayProxyStructuredResultV2;
  if (statusCode !== wanted) throw new Error(`${statusCode} where ${wanted} was to be answered`);
  return ms;
}

/** Five users, with a hash of a password or without. */
async function addUsers({ services, table }: LocalStack, hash?: () => Promise<string>): Promise<string[]> {
  const users = { documents: services.documents, name: table, now: () => new Date() };
  const emails = Array.from({ length: people }, () => `${randomUUID()}@example.com`);
  for (const email of emails) {
    const passwordHash = hash ? { passwordHash: await hash() } : {};
    const own = { id: randomUUID(), email, login: email, role: 'subscriber', ...passwordHash };
    await createUser(users, { ...own, fields: {}, tags: [], contacts: {}, effects: {} });
  }
  return emails;
}

/** Calls of each kind in turn, so that whatever else the machine does happens to all of them. */
async function inTurn(kinds: Readonly<Record<string, (call: number) => Promise<number>>>) {
  const times = Object.fromEntries(Object.keys(kinds).map((name) => [name, [] as number[]]));
  for (let call = 0; call < calls; call += 1) {
    // Whoever comes first pays for what has rested: each comes first as often.
    const shift = call % Object.keys(kinds).length;
    const entries = Object.entries(kinds);
    for (const [name, run] of [...entries.slice(shift), ...entries.slice(0, shift)])
      times[name]?.push(await run(call));
  }
  return times;
}

function table(title: string, times: Readonly<Record<string, number[]>>): void {
  const medians = Object.entries(times).map(([name, all]) => [name, median(all)] as const);
  const least = Math.min(...medians.map(([, ms]) => ms));
  printTable(
    `${title}: median ms of ${calls} in turn, and over the least (goal: 1.10)`,
    ['', 'ms', 'ratio'],
    medians.map(([name, ms]) => [name, ms.toFixed(2), (ms / least).toFixed(2)]),
  );
}

/** Whether the time tells who has an account. */
export async function site(): Promise<void> {
  const log = { record: () => undefined, problem: () => undefined };
  const stack = await startLocalStack({ config, port: 0, log, withPoller: false, onError: () => undefined });
  try {
    const known = await addUsers(stack, () => hashPassword('a password of theirs', secureRandom));
    const generated = await addUsers(stack, () => hashGenerated(derivePassword('a', 'b'), secureRandom));
    const without = await addUsers(stack);
    const unknown = known.map((email) => `x${email}`);
    const logIn = (logins: readonly string[]) => (call: number) => {
      const ip = `198.18.${Math.floor(call / 200)}.${call % 200}`;
      const body = JSON.stringify({ login: logins[call % people], password: 'wrong', ip });
      return timed(stack, event('/v1/login', body, 'application/json', stack), 401);
    };
    table(
      'A login that fails',
      await inTurn({
        'wrong password': logIn(known),
        'wrong password, theirs is generated': logIn(generated),
        'unknown login': logIn(unknown),
        'user without a password': logIn(without),
      }),
    );
    const forget = (logins: readonly string[]) => (call: number) => {
      const body = new URLSearchParams({ login: `${logins[call % people]}${' '.repeat(call)}` }).toString();
      return timed(stack, event('/forgot-password', body, 'application/x-www-form-urlencoded', stack), 200);
    };
    table('A link that is asked for', await inTurn({ somebody: forget(known), nobody: forget(unknown) }));
  } finally {
    await stack.stop();
  }
}
