import { toHttpEvent } from '../../lib/dev/http-event.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import type { Io, IoCall } from './io.ts';
import type { TestStack } from './test-stack.ts';
import type { TestedCrm } from './tested-crm.ts';

/** One call that is held back, and the way on for it. */
export interface Held {
  /** When the call is being held. */
  held: Promise<void>;
  letGo: () => void;
}

/** Holds back the next call of a kind: before it goes out, or its answer. */
export function hold(io: Io, when: 'before' | 'after', isMeant: (call: IoCall) => boolean): Held {
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  io[when] = async (call) => {
    if (!isMeant(call)) return;
    io[when] = undefined;
    held.resolve();
    await released.promise;
  };
  return { held: held.promise, letGo: released.resolve };
}

/** Does something once, right before the nth transaction from now. */
export function beforeWrite(io: Io, nth: number, work: () => Promise<unknown>): void {
  let writes = 0;
  io.before = async ({ name }) => {
    if (name !== 'TransactWrite') return;
    writes += 1;
    if (writes !== nth) return;
    io.before = undefined;
    await work();
  };
}

export const isPull = ({ service }: IoCall) => service === 'crm';

/** A command of DynamoDB's on an item whose key holds this text. */
export const isOn =
  (name: string, part: string) =>
  (call: IoCall): boolean =>
    call.service === 'dynamodb' && call.name === name && JSON.stringify(call.input).includes(part);

/** What a webhook was answered. */
export interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any;
}

/** A webhook for a contact that API Gateway got at a time the test says. */
export async function webhookAt(
  test: TestStack,
  receivedAt: Date,
  [crm, action, contactId]: readonly [TestedCrm, string, string],
  query: Record<string, string> = {},
): Promise<Answered> {
  const parameters = new URLSearchParams({
    wpf_action: action,
    access_key: String(test.stack.connections[crm]?.accessKey),
    ...(contactId === '' ? {} : { contact_id: contactId }),
    ...query,
  });
  const event = toHttpEvent({
    method: 'POST',
    target: `/?${parameters}`,
    httpVersion: '1.1',
    rawHeaders: ['Host', 'usher.example.com'],
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
    requestId: `at ${receivedAt.toISOString()}`,
    receivedAt,
  });
  const result = await test.stack.handler(event, createLambdaContext({ timeoutMs: 30_000 }));
  const { statusCode = 0, body = '' } = result as { statusCode?: number; body?: string };
  return { status: statusCode, body: JSON.parse(body) };
}
