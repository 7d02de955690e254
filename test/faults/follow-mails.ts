import { setTimeout as delay } from 'node:timers/promises';
import { findById } from '../../functions/users/find.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import type { AwsService } from './faulty-aws.ts';
import type { Invocation } from './invocation.ts';
import { oneTimeKey, recipient } from './mails.ts';

/** Whether a call marks a welcome mail as sent. */
function isMark(command: string, input: object): boolean {
  const { UpdateExpression, ExpressionAttributeNames } = input as {
    UpdateExpression?: string;
    ExpressionAttributeNames?: Record<string, string>;
  };
  const isFinish = command === 'Update' && UpdateExpression === 'REMOVE effects.#effect';
  return isFinish && ExpressionAttributeNames?.['#effect'] === 'welcome_mail';
}

/** Which mail is finished, or under way, by a call that succeeded. */
export function followMail(
  service: AwsService,
  command: string,
  input: object,
  invocation: Invocation,
): void {
  const { Message: message } = input as { Message?: { Body?: { Text?: { Data?: string } } } };
  if (service === 'ses') {
    const text = message?.Body?.Text?.Data ?? '';
    invocation.mailed = { userId: recipient(text), key: oneTimeKey(text) };
    invocation.faultsAtMail = invocation.faults;
  }
  if (isMark(command, input)) invocation.mailed = undefined;
}

/** Real milliseconds until a call that was given up has been carried out, or never will be. */
const aftermathMs = 300;

/** What has become of a mail whose call, or whose mark, was given up while it was under way. */
export async function followGivenUp(
  [service, command, input, invocation]: [AwsService, string, object, Invocation],
  users: UserTable,
): Promise<void> {
  if (service === 'ses') {
    // SES may have taken it; whether it has, its inbox says in the end.
    followMail(service, command, input, invocation);
    invocation.faults += 1;
    return;
  }
  const { mailed } = invocation;
  if (mailed === undefined || !isMark(command, input)) return;
  await delay(aftermathMs);
  const user = await findById(users, mailed.userId);
  if (!user || !Object.hasOwn(user.effects, 'welcome_mail')) invocation.mailed = undefined;
}
