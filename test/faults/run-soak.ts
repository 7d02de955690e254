import type { Message } from '@aws-sdk/client-sqs';
import { type Job, parseJob } from '../../functions/jobs/job.ts';
import { createAwsClients } from '../../functions/runtime/aws-clients.ts';
import { localClient } from '../../lib/dev/local-client.ts';
import { decide, happens } from './decide.ts';
import { finalCheck } from './final-check.ts';
import { followGivenUp, followMail } from './follow-mails.ts';
import { FunctionRuns } from './function-runs.ts';
import { JobConsumer } from './job-consumer.ts';
import { jumpingClock } from './jumping-clock.ts';
import { LateContacts } from './late-contacts.ts';
import type { MailLedger } from './mail-ledger.ts';
import { isSettled, makePeople, type Person } from './person.ts';
import { Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import { Sender } from './sender.ts';
import { SoakLog } from './soak-log.ts';
import type { SoakOptions } from './soak-options.ts';
import type { SoakResult } from './soak-report.ts';
import { startSoakStack } from './soak-stack.ts';
import { spotCheck } from './spot-check.ts';
import { subjectsOf } from './subjects.ts';
import { Tally } from './tally.ts';
import { Waves } from './waves.ts';
import { fairWeather } from './weather.ts';

/** Webhooks that a person gets in a run, about. */
const deliveriesPerPerson = 11;
/** Jobs worked on at once. */
const workers = 32;
/** Per cent of the done jobs that SQS delivers once more. */
const keptPercent = 3;

/** Of two contacts of one human the first one counts. */
const isFirstOfOne = ({ n, contactId, twin }: Person) =>
  contactId !== undefined && (twin?.contactId === undefined || twin.n > n);

export interface SoakRun extends SoakResult {
  everybody: readonly Person[];
}

/**
 * Plays a story of edits and webhooks against the real function with faults at all its boundaries, waits until all is quiet,
 * and holds the table against the CRMs.
 *
 * @param dynamodb endpoint of a DynamoDB Local; the run makes a table of its own in it
 */
export async function runSoak(
  options: SoakOptions,
  dynamodb: string,
  onProgress: (line: string) => void = () => undefined,
): Promise<SoakRun> {
  const { seed, families } = options;
  const began = performance.now();
  const clock = jumpingClock();
  const begun = clock.now().getTime();
  const tally = new Tally();
  const late = new LateContacts();
  const ledger: MailLedger = new Map();
  const problems: Problem[] = [];
  /** Jobs that were given up wait too: for an operator. */
  const dead: Job[] = [];
  let weather = fairWeather;
  const people = makePeople(seed, Math.max(Math.ceil(options.deliveries / deliveriesPerPerson), 8), families);
  const owners = new Map<string, Person>();
  const personOf = (connection: string, contactId: string) => {
    const known = owners.get(`${connection}/${contactId}`);
    if (known) return known;
    const found = people.find(({ crm, contactIds }) => crm === connection && contactIds.includes(contactId));
    if (found) owners.set(`${connection}/${contactId}`, found);
    return found;
  };
  const secrets: string[] = [];
  const log = new SoakLog({ secrets, personOf, tally, now: clock.now });
  const onError = (error: unknown) =>
    problems.push({
      kind: 'unexpected answer',
      what: error instanceof Error ? (error.stack ?? '') : String(error),
    });

  const soakStack = await startSoakStack({
    seed,
    dynamodb,
    log,
    tally,
    late,
    now: clock.now,
    weather: () => weather.aws,
    budgetMs: () => weather.budgetMs,
    crmWeather: (connection) => weather.crm[connection],
    onDone(service, command, input, invocation) {
      if (command === 'ChangeMessageVisibility') {
        const { ReceiptHandle, VisibilityTimeout } = input as {
          ReceiptHandle: string;
          VisibilityTimeout: number;
        };
        consumer.rest(ReceiptHandle, VisibilityTimeout);
      }
      if (command === 'SendMessage') {
        const { QueueUrl, MessageBody } = input as { QueueUrl: string; MessageBody: string };
        if (QueueUrl === soakStack.stack.deadLetterUrl) dead.push(parseJob(MessageBody));
      }
      followMail([service, command, input, invocation], ledger);
    },
    onGivenUp: (...call) => followGivenUp(call, ledger, soakStack.users),
    onError,
  });
  const { stack, crm, aws } = soakStack;
  secrets.push(
    ...Object.values(stack.connections).flatMap(({ accessKeys, credentials }) => [
      ...accessKeys,
      credentials.apiToken,
    ]),
  );
  const { sqs } = createAwsClients((service) => ({
    ...localClient(stack.endpoints[service]),
    // No time-outs: a hand-out that is given up has hidden its jobs all the same.
    requestHandler: {},
  }));
  const runs = new FunctionRuns({
    seed,
    handler: stack.handler,
    killed: () => weather.killed,
    tally,
    onUnexpected: (_key, error) => onError(error),
  });
  const work = async ({ id }: Job, message: Message, receives: number) => {
    const key = `job ${id}.${receives}`;
    const outcome = await runs.job(key, message);
    const isKept = outcome === 'done' && families.has('sqs') && weather !== fairWeather;
    return isKept && happens(decide(seed, 'kept', key), keptPercent) ? 'kept' : outcome;
  };
  const consumer = new JobConsumer({ sqs, queueUrl: stack.queueUrl, workers, now: clock.now, work });
  const sender = new Sender({
    stack,
    runs,
    tally,
    now: clock.now,
    onUnexpected: ([person], answer) =>
      problems.push({ kind: 'unexpected answer', ...(person ? { person: person.n } : {}), what: answer }),
  });

  try {
    const waves = new Waves({
      options,
      people,
      connections: Object.keys(stack.connections),
      edits: { seed, people, crm, families, late, tally, now: clock.now },
      sender,
      consumer,
      aws,
      clock,
      setWeather: (next) => {
        weather = next;
      },
      async onWave(wave, edited) {
        const waiting = subjectsOf([...consumer.resting, ...dead]);
        for (const person of people) if (isSettled(person, waiting)) person.settled = person.edits;
        problems.push(...(await spotCheck(edited, waiting, soakStack.users, wave)));
        onProgress(`wave ${wave}: ${tally.count('deliveries')} deliveries`);
      },
    });
    await waves.run(new Plan(options, people));
    const stuck = await consumer.waiting();
    if (stuck > 0) problems.push({ kind: 'stuck job', what: `${stuck} jobs never came to an end` });
    onProgress('comparing');
    const final = await finalCheck({ people, soakStack, sqs, ledger, log });
    return {
      tally,
      problems: [...problems, ...final.problems],
      deadLetters: final.deadLetters,
      everybody: people,
      people: people.filter(isFirstOfOne).length,
      users: final.users.length,
      mails: final.mails,
      ghosts: final.ghosts,
      seconds: (performance.now() - began) / 1000,
      hours: (clock.now().getTime() - begun) / 3_600_000,
    };
  } finally {
    await soakStack.stop();
  }
}
