import { GetSendQuotaCommand } from '@aws-sdk/client-ses';
import type { ListedContact } from '../../functions/crm/contact-list.ts';
import type { Deployment } from '../commands/support/deployment.ts';
import { type createJudge, type Verdict, verdicts } from './judge.ts';
import type { Step } from './walk.ts';

/** How many contacts there are of each kind, and how many in all. */
export type Counts = Record<Verdict | 'found', number>;

/** Counts the contacts of a list, at most so many. Reads and writes nothing else. */
export async function countContacts(
  steps: AsyncIterable<Step>,
  judge: ReturnType<typeof createJudge>,
  limit: number | undefined,
): Promise<{ counts: Counts; first: string | undefined }> {
  const counts = Object.fromEntries(['found', ...verdicts].map((name) => [name, 0])) as Counts;
  let first: string | undefined;
  for await (const { fresh } of steps) {
    const room = (limit ?? Number.POSITIVE_INFINITY) - counts.found;
    const wanted: ListedContact[] = fresh.filter(({ isOther }) => !isOther).slice(0, room);
    first ??= wanted[0]?.id;
    for (const verdict of await judge(wanted)) counts[verdict] += 1;
    counts.found += wanted.length;
    if (counts.found >= (limit ?? Number.POSITIVE_INFINITY)) break;
  }
  return { counts, first };
}

/** What an import will cost the CRM and SES. */
export interface Effort {
  /** About. */
  crmCalls: number;
  minutes: number;
  rate: number;
  /** Undefined when nobody is mailed. */
  mails?: { count: number; left: number | undefined; perSecond: number | undefined };
}

/** What SES sends in the rest of the day, and in a second; undefined where nothing limits it, as on this machine. */
export async function mailRoom({ stage, ses }: Deployment): Promise<{ left?: number; perSecond?: number }> {
  if (stage === undefined) return {};
  const { Max24HourSend = 0, SentLast24Hours = 0, MaxSendRate } = await ses.send(new GetSendQuotaCommand({}));
  if (Max24HourSend < 0) return {};
  const perSecond = MaxSendRate === undefined ? {} : { perSecond: MaxSendRate };
  return { left: Math.max(Math.floor(Max24HourSend - SentLast24Hours), 0), ...perSecond };
}

const words: Record<Verdict, string> = {
  created: 'will be created as users',
  users: 'are users already',
  linked: 'will be linked to the user with their address',
  shared: 'have the address of another contact: they become one user',
  withoutAddress: 'have no usable address: refused',
  held: 'have an address that somebody else keeps: refused',
};

/** The counts for people, a line each. */
export function countLines(counts: Counts, { crmCalls, minutes, rate, mails }: Effort): string[] {
  const width = String(counts.found).length;
  const line = (count: number, text: string) => `${String(count).padStart(width)}  ${text}`;
  const left = mails?.left === undefined ? '' : `; SES sends ${mails.left} more today`;
  const perSecond = mails?.perSecond === undefined ? '' : `, ${mails.perSecond} a second`;
  return [
    line(counts.found, 'contact(s) found, of whom'),
    ...verdicts.filter((name) => counts[name] > 0).map((name) => line(counts[name], words[name])),
    `About ${crmCalls} CRM call(s) and ${minutes} minute(s) at ${rate} a second.`,
    ...(mails ? [`${mails.count} welcome mail(s)${left}${perSecond}.`] : []),
  ];
}
