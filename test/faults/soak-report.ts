import { familyCounts } from './family-counts.ts';
import { type Problem, problemKinds } from './problem.ts';
import type { Tally } from './tally.ts';

/** What a run found. */
export interface SoakResult {
  tally: Tally;
  /** Empty when every promise was kept. */
  problems: Problem[];
  deadLetters: number;
  /** Humans: one with a contact in each CRM counts once. */
  people: number;
  users: number;
  /** Reasons to send a mail, mails sent once more, and those that a fault kept from being marked as sent. */
  mails: { reasons: number; duplicates: number; injected: number };
  /** Contacts that the writing of a password has made in the CRM. */
  ghosts: number;
  /** Real seconds, and hours of the run's own clock. */
  seconds: number;
  hours: number;
}

const row = (name: string, value: string | number) => `  ${name.padEnd(44)} ${String(value).padStart(9)}`;

/** The table of a run, line by line. */
export function reportLines(result: SoakResult): string[] {
  const { tally, problems, mails } = result;
  const section = (title: string, prefix: string) => [
    title,
    ...tally.under(prefix).map(([name, count]) => row(name, count)),
  ];
  const counts = Object.entries(familyCounts(tally));
  const rate = tally.count('deliveries') / result.seconds;
  return [
    row('deliveries', tally.count('deliveries')),
    row('repeated by the sender', tally.count('repeated by the sender')),
    row('people in the CRMs', result.people),
    row('invocations of the function', tally.count('invocations')),
    row('  of these killed', tally.count('killed')),
    row('faults in calls', tally.total('fault/')),
    'what happened, by family',
    ...counts.map(([family, count]) => row(family, count)),
    ...section('answers', 'answer/'),
    ...section('jobs', 'job/'),
    'CRM',
    row('calls', tally.count('crm calls')),
    row('429s', tally.count('crm 429')),
    row('429s during a named pause', tally.count('crm 429 during a named pause')),
    row('calls let through by a bucket', tally.count('calls let through by a bucket')),
    'found in the end',
    row('users', result.users),
    row('dead letters', result.deadLetters),
    row('mails due', mails.reasons),
    row('mails sent twice', mails.duplicates),
    row('  sent and not marked, by injected faults', mails.injected),
    row('contacts made by a password', result.ghosts),
    'must be 0',
    ...problemKinds.map((kind) => row(kind, problems.filter((problem) => problem.kind === kind).length)),
    'time',
    row('seconds', result.seconds.toFixed(1)),
    row('deliveries per second', rate.toFixed(1)),
    row("hours of the run's clock", result.hours.toFixed(1)),
  ];
}
