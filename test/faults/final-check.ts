import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Job, parseJob } from '../../functions/jobs/job.ts';
import type { User } from '../../functions/users/user.ts';
import { compare, storedUsers } from './comparison.ts';
import type { MailLedger } from './mail-ledger.ts';
import { checkMails, type MailCheck, oneTimeKey } from './mails.ts';
import type { Person } from './person.ts';
import type { Problem } from './problem.ts';
import type { SoakLog } from './soak-log.ts';
import type { SoakStack } from './soak-stack.ts';
import { subjectsOf } from './subjects.ts';

export interface FinalPorts {
  people: readonly Person[];
  soakStack: SoakStack;
  /** The queue without faults. */
  sqs: SQSClient;
  ledger: MailLedger;
  log: SoakLog;
}

export interface FinalState {
  problems: Problem[];
  users: readonly User[];
  deadLetters: number;
  mails: MailCheck;
  ghosts: number;
}

/** The dead letters, which are taken out of their queue. */
async function readDeadLetters(sqs: SQSClient, queueUrl: string): Promise<Job[]> {
  const jobs: Job[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return jobs;
    for (const { Body = '', ReceiptHandle } of Messages) {
      jobs.push(parseJob(Body));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
}

/** Passwords that must not be in the log. */
function returnedPasswords({ crm }: SoakStack, people: readonly Person[]): string[] {
  return people.flatMap((person) => {
    const password = person.contactId === undefined ? undefined : crm.returnedPassword(person);
    return typeof password === 'string' ? [password] : [];
  });
}

/** Looks at everything that is left when all is quiet. */
export async function finalCheck({ people, soakStack, sqs, ledger, log }: FinalPorts): Promise<FinalState> {
  const { stack, ses, crm } = soakStack;
  const deadLetters = await readDeadLetters(sqs, stack.deadLetterUrl);
  const waiting = subjectsOf(deadLetters);
  const users = await storedUsers(soakStack.users);
  const table = { ...soakStack.users, name: stack.table };
  const problems = await compare(people, { users, waiting }, table, crm);
  const owners = new Map(
    people.flatMap((person) => person.contactIds.map((id) => [`${person.crm}/${id}`, person])),
  );
  const owned = users.map((user): [Person[], User] => [
    Object.entries(user.contacts).flatMap(([name, id]) => owners.get(`${name}/${id}`) ?? []),
    user,
  ]);
  const keys = ses.mails.flatMap(({ text = '' }) => oneTimeKey(text) ?? []);
  const mails = checkMails(ses.mails, ledger, owned, waiting);
  const leaks = [...log.leaks, ...log.holding([...keys, ...returnedPasswords(soakStack, people)])];
  return {
    problems: [
      ...problems,
      ...mails.problems,
      ...leaks.map((): Problem => ({ kind: 'leak in the log', what: 'a line holds an address or a secret' })),
      ...log.internalErrors.map((what): Problem => ({ kind: 'internal error', what })),
    ],
    users,
    deadLetters: deadLetters.length,
    mails,
    ghosts: crm.ghosts(new Set(people.flatMap(({ contactIds }) => contactIds))).length,
  };
}
