import type { Context, SNSEvent, SNSEventRecord } from 'aws-lambda';
import { describeError, toUsherError } from '../errors.ts';
import { emailAddress } from '../mail/email-address.ts';
import { type Invocation, startInvocation } from '../runtime/invocation.ts';
import type { Line } from '../runtime/log.ts';
import { type Services, usersFor } from '../runtime/services.ts';
import { findByEmail } from '../users/find.ts';
import { keepMailState } from '../users/mail-state.ts';
import { retryOnConflict } from '../users/retry-on-conflict.ts';
import type { MailState, User } from '../users/user.ts';
import { type MailNews, readSesEvent } from './ses-event.ts';

export type MailEventHandler = (event: SNSEvent, context: Context) => Promise<undefined>;

/** Kept back from the function's time to write the log, in milliseconds. */
const reservedMs = 1000;

interface Kept {
  result: 'kept' | 'unchanged' | 'user_not_found';
  userId?: string;
}

/** The user whose address it is now. Somebody who has left the address is not meant. */
async function keep(
  address: string,
  mail: MailState,
  services: Services,
  invocation: Invocation,
): Promise<Kept> {
  const table = usersFor(services, invocation);
  const email = emailAddress(address);
  const attempt = async (): Promise<Kept> => {
    const user: User | undefined = email === undefined ? undefined : await findByEmail(table, email);
    if (!user) return { result: 'user_not_found' };
    const result = (await keepMailState(table, user, mail)) === 'kept' ? 'kept' : 'unchanged';
    return { result, userId: user.id };
  };
  return retryOnConflict(attempt, {
    random: services.random,
    sleep: (ms) => services.sleep(ms, invocation.signal),
  });
}

const requestIdOf = ({ Sns: { MessageId } }: SNSEventRecord, { awsRequestId }: Context) =>
  typeof MessageId === 'string' ? MessageId : awsRequestId;

/** What is to be logged of each address, or of an event without any. */
async function keepAll(
  news: MailNews | undefined,
  services: Services,
  invocation: Invocation,
): Promise<readonly Partial<Line>[]> {
  const { mail, addresses = [] } = news ?? {};
  if (!mail || addresses.length === 0) return [{}];
  const kept: Kept[] = [];
  for (const address of addresses) kept.push(await keep(address, mail, services, invocation));
  return kept;
}

/** @throws UsherError when the table cannot be written: Lambda tries the event again */
async function work(record: SNSEventRecord, services: Services, context: Context): Promise<void> {
  const invocation = startInvocation(Math.max(context.getRemainingTimeInMillis() - reservedMs, 0));
  const news = readSesEvent(record.Sns.Message);
  const line: Line = {
    kind: 'mail_event',
    action: news?.kind ?? 'unknown',
    connection: 'none',
    result: news ? 'ignored' : 'unreadable',
    requestId: requestIdOf(record, context),
    invocation,
  };
  const log = (outcomes: readonly Partial<Line>[]) => {
    invocation.end();
    for (const outcome of outcomes) services.log.record({ ...line, ...outcome });
  };
  try {
    log(await keepAll(news, services, invocation));
  } catch (thrown) {
    const error = toUsherError(thrown);
    log([{ result: 'failed', errorCode: error.code, error: describeError(error) }]);
    throw error;
  }
}

/**
 * Keeps on users what SES tells of their mailboxes. What is no event of SES is logged and over: no further try would make it
 * one.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export function mailEventChain(services: Services): MailEventHandler {
  return async (event, context) => {
    for (const record of event.Records) await work(record, services, context);
    return undefined;
  };
}
