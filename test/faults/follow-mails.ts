import { setTimeout as delay } from 'node:timers/promises';
import { findById } from '../../functions/users/find.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import type { AwsService } from './faulty-aws.ts';
import type { Invocation } from './invocation.ts';
import type { GivenMail, MailEffect, MailLedger } from './mail-ledger.ts';
import { oneTimeKey } from './mails.ts';

/** A call of the function to AWS: by its service, its command and what it was called with. */
type AwsCall = [service: AwsService, command: string, input: object, invocation: Invocation];

interface Update {
  Key?: { pk: string; sk: string };
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** The mail that a write of the table claims or marks as sent. */
function mailOf(command: string, { ExpressionAttributeNames }: Update): MailEffect | undefined {
  const effect = command === 'Update' ? ExpressionAttributeNames?.['#effect'] : undefined;
  return effect === 'welcome_mail' || effect === 'moved_mail' ? effect : undefined;
}

const isMark = ({ UpdateExpression }: Update) => UpdateExpression === 'REMOVE effects.#effect';
const isClaim = ({ UpdateExpression = '' }: Update) =>
  UpdateExpression.startsWith('SET effects.#effect.claimedUntil');

function giveMail(input: object, invocation: Invocation, ledger: MailLedger): void {
  const { ConfigurationSetName: serial, Message: message } = input as {
    ConfigurationSetName: string;
    Message: { Body: { Text: { Data: string } } };
  };
  const effect = oneTimeKey(message.Body.Text.Data) === undefined ? 'moved_mail' : 'welcome_mail';
  const claim = invocation.claims.get(effect);
  if (!claim) throw new Error('A mail was sent that nobody has claimed.');
  const { faults: faultsBefore, isDead: metFault } = invocation;
  const mail: GivenMail = { ...claim, effect, faultsBefore, isMarked: false, metFault };
  invocation.mails.push(mail);
  ledger.set(serial, mail);
}

/** Which mail is claimed, under way or finished by a call that succeeded. */
export function followMail([service, command, input, invocation]: AwsCall, ledger: MailLedger): void {
  if (service === 'ses') giveMail(input, invocation, ledger);
  const update = input as Update;
  const effect = mailOf(command, update);
  if (!effect) return;
  if (isClaim(update)) {
    const userId = String(update.Key?.pk).replace(/^USER#/, '');
    invocation.claims.set(effect, { userId, since: String(update.ExpressionAttributeValues?.[':since']) });
  }
  if (!isMark(update)) return;
  for (const mail of invocation.mails) mail.isMarked ||= mail.effect === effect;
}

/** Real milliseconds until a call that was given up has been carried out, or never will be. */
const aftermathMs = 300;

/** What has become of a mail whose call, or whose mark, was given up while it was under way. */
export async function followGivenUp(call: AwsCall, ledger: MailLedger, users: UserTable): Promise<void> {
  const [service, command, input, invocation] = call;
  if (service === 'ses') {
    // SES may have taken it; whether it has, its inbox says in the end.
    followMail(call, ledger);
    invocation.faults += 1;
    return;
  }
  const effect = mailOf(command, input);
  if (!effect || !isMark(input)) return;
  await delay(aftermathMs);
  for (const mail of invocation.mails.filter((one) => one.effect === effect)) {
    const user = await findById(users, mail.userId);
    mail.isMarked ||= user?.effects[effect]?.since !== mail.since;
  }
}
