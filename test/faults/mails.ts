import type { User } from '../../functions/users/user.ts';
import type { FakeMail } from '../support/fake-ses.ts';
import type { Person } from './person.ts';
import type { Problem } from './problem.ts';

/** What became of the welcome mails. */
export interface MailCheck {
  problems: Problem[];
  asked: number;
  duplicates: number;
  /** Mails that SES took and a fault kept from being marked as sent: for each there is one more. */
  injected: number;
}

/** Whom a welcome mail is for, by its link. */
export const recipient = (text: string) => /[?&]user=([\w-]+)/.exec(text)?.[1] ?? 'nobody';
/** The one-time key in the link: every mail has another one. */
export const oneTimeKey = (text: string) => /[?&]key=([\w-]+)/.exec(text)?.[1];

/** Whether every user whose `add`s asked for a mail got one, and nobody got more than faults account for. */
export function checkMails(
  mails: readonly FakeMail[],
  users: readonly (readonly [Person, User])[],
  excuses: ReadonlyMap<string, number>,
  waiting: ReadonlySet<string>,
): MailCheck {
  const counts = new Map<string, number>();
  for (const { text = '' } of mails) counts.set(recipient(text), (counts.get(recipient(text)) ?? 0) + 1);
  const check: MailCheck = { problems: [], asked: 0, duplicates: 0, injected: 0 };
  for (const [person, { id }] of users) {
    const count = counts.get(id) ?? 0;
    counts.delete(id);
    const asked = person.wantsMail ? 1 : 0;
    const excused = excuses.get(id) ?? 0;
    check.asked += asked;
    check.injected += excused;
    check.duplicates += Math.max(count - asked, 0);
    const problem = (kind: Problem['kind'], what: string) =>
      check.problems.push({ kind, person: person.n, what });
    if (count < asked && !waiting.has(id)) problem('missing mail', `user ${id}`);
    if (count > asked + excused) {
      problem(
        'unexplained duplicate mail',
        `${count} mails to user ${id}, ${asked} asked for, ${excused} explained`,
      );
    }
  }
  for (const [id, count] of counts) {
    check.problems.push({
      kind: 'unexplained duplicate mail',
      what: `${count} mails to ${id}, who is no user`,
    });
  }
  return check;
}
