import type { User } from '../../functions/users/user.ts';
import type { FakeMail } from '../support/fake-ses.ts';
import { type GivenMail, isInjected, type MailLedger } from './mail-ledger.ts';
import type { Person } from './person.ts';
import type { Problem, ProblemKind } from './problem.ts';

/** What became of the mails. */
export interface MailCheck {
  problems: Problem[];
  /** What mails were sent for: a user's creation, its moves, and the address before. */
  reasons: number;
  duplicates: number;
  /** Mails that SES took and a fault kept from being marked as sent: for each there is one more. */
  injected: number;
}

/** The one-time key in the link of a welcome mail: every one has another key, and no other mail has one. */
export const oneTimeKey = (text: string) => /[?&]key=([\w-]+)/.exec(text)?.[1];

/** All mails that were sent for one reason. */
interface Sent {
  effect: GivenMail['effect'];
  userId: string;
  to: readonly string[];
  injected: number;
}

function sentOf(mails: readonly FakeMail[], ledger: MailLedger): Sent[] {
  const taken = mails.flatMap(({ configurationSet = '', to: [to = ''] }) => {
    const given = ledger.get(configurationSet);
    if (!given) throw new Error('A mail was sent that the machine has not seen.');
    return [{ given, to }];
  });
  const byReason = Map.groupBy(
    taken,
    ({ given: { userId, effect, since } }) => `${userId} ${effect} ${since}`,
  );
  return [...byReason.values()].flatMap((group): Sent[] => {
    const [first] = group;
    if (!first) return [];
    const { effect, userId } = first.given;
    const injected = group.filter(({ given }) => isInjected(given)).length;
    return [{ effect, userId, to: group.map(({ to }) => to), injected }];
  });
}

/** Whose addresses are never somebody else's, and never come again. */
const hasOwnAddresses = ({ habit }: Person) => habit !== 'swaps';

/** Whether a user got the mails that its contacts asked for and its moves led to, and none besides. */
function checkUser(
  people: readonly Person[],
  user: User,
  sent: readonly Sent[],
  found: (kind: ProblemKind, what: string) => void,
): void {
  const left = people.flatMap((person) => person.left);
  const isAsked = people.some(({ wantsMail }) => wantsMail);
  const welcomes = sent.filter(({ effect }) => effect === 'welcome_mail');
  const notices = sent.filter(({ effect }) => effect === 'moved_mail');
  const name = `user ${user.id}`;
  if (isAsked && !welcomes.some(({ to }) => to.includes(user.email)))
    found('missing mail', `no welcome mail to the address of ${name}`);
  if (user.moved && people.every(hasOwnAddresses) && notices.length === 0)
    found('missing mail', `nobody was told that ${name} has moved`);
  const most = isAsked ? 1 + left.length : 0;
  if (welcomes.length > most)
    found('unexplained duplicate mail', `${welcomes.length} welcomes of ${name}, ${most} asked for`);
  if (notices.length > left.length)
    found('unexplained duplicate mail', `${notices.length} notices for ${left.length} moves of ${name}`);
  const known = new Set([...left, ...people.map(({ email }) => email)]);
  const isStray = ({ effect, to }: Sent) =>
    to.some((address) => !(effect === 'moved_mail' ? left : [...known]).includes(address));
  if (sent.some(isStray)) found('mail to a stranger', `of ${name}`);
}

/** Whether everybody got the mails that are due, and nobody got one more than faults account for. */
export function checkMails(
  mails: readonly FakeMail[],
  ledger: MailLedger,
  users: readonly (readonly [readonly Person[], User])[],
  waiting: ReadonlySet<string>,
): MailCheck {
  const sent = sentOf(mails, ledger);
  const byUser = Map.groupBy(sent, ({ userId }) => userId);
  const check: MailCheck = { problems: [], reasons: sent.length, duplicates: 0, injected: 0 };
  for (const { effect, userId, to, injected } of sent) {
    check.duplicates += to.length - 1;
    check.injected += injected;
    if (to.length > 1 + injected) {
      const what = `${to.length} times the ${effect} of user ${userId}, ${injected} explained`;
      check.problems.push({ kind: 'unexplained duplicate mail', what });
    }
  }
  for (const [people, user] of users) {
    const own = byUser.get(user.id) ?? [];
    byUser.delete(user.id);
    const n = people[0]?.n;
    const found = (kind: ProblemKind, what: string) =>
      check.problems.push({ kind, ...(n === undefined ? {} : { person: n }), what });
    if (!waiting.has(user.id)) checkUser(people, user, own, found);
  }
  for (const id of byUser.keys()) {
    check.problems.push({ kind: 'unexplained duplicate mail', what: `mails to ${id}, who is no user` });
  }
  return check;
}
