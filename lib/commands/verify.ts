import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createJobQueue } from '../../functions/jobs/job-queue.ts';
import type { Random } from '../../functions/random.ts';
import type { Key } from '../../functions/users/items.ts';
import { repairIndex } from '../verify/verify-repair.ts';
import { respellTags } from '../verify/verify-spelling.ts';
import { type Problem, verifyTable } from '../verify/verify-table.ts';
import { confirm } from './support/confirm.ts';
import type { Deployment, DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { effectsJob } from './support/effects-job.ts';
import { type ProblemStatus, problemLine, readableProblem } from './support/problem-line.ts';
import { progress } from './support/progress.ts';
import { since } from './support/since.ts';
import { exitCodes, printableJson, type Terminal } from './support/terminal.ts';

interface Options extends DeploymentOptions {
  fix?: boolean;
  yes?: boolean;
  pendingAfter: string;
  json?: boolean;
}

/** Sends the user's effects to the queue once more. */
async function sendEffects(
  { config, sqs, queueUrl }: Deployment,
  { user }: Extract<Problem, { kind: 'effects_pending' }>,
  random: Random,
  now: Date,
): Promise<ProblemStatus> {
  const job = effectsJob(user, config, { id: random.uuid(), requestId: random.uuid(), now });
  if (!job) return 'remains';
  await createJobQueue(sqs, queueUrl).send([job]);
  return 'repaired';
}

async function removeLeftover({ documents, name }: Deployment['users'], key: Key): Promise<ProblemStatus> {
  await documents.send(new DeleteCommand({ TableName: name, Key: { ...key } }));
  return 'repaired';
}

async function mend(deployment: Deployment, problem: Problem, random: Random, now: Date) {
  if (problem.kind === 'unknown') return 'remains';
  if (problem.kind === 'leftover') return removeLeftover(deployment.users, problem.key);
  if (problem.kind === 'old_spelling') return respellTags(deployment.users, problem.userId, sleep);
  if (problem.kind === 'effects_pending') return sendEffects(deployment, problem, random, now);
  return repairIndex(deployment.users, problem, sleep);
}

/** How many items there are, as DynamoDB counts them every six hours. */
async function countItems({ documents, name }: Deployment['users']): Promise<number> {
  const { Table } = await documents.send(new DescribeTableCommand({ TableName: name }));
  return Table?.ItemCount ?? 0;
}

async function verify(options: Options, terminal: Terminal, random: Random): Promise<void> {
  const { out, err, now } = terminal;
  await withDeployment(options, async (deployment) => {
    const { users, title } = deployment;
    if (options.fix) {
      const question = `This deletes from the table of ${title} what belongs to nobody, adds what users lack, and spells old tags anew.`;
      await confirm(terminal, question, options.yes);
    }
    const total = await countItems(users);
    const show = progress(terminal, 'Verifying');
    const counts = { items: 0, problems: 0, repaired: 0, remaining: 0 };
    const ports = {
      pendingSince: since(options.pendingAfter, now()) ?? now(),
      sleep,
      onRead: (count: number) => {
        counts.items = count;
        show(count, total);
      },
    };
    for await (const problem of verifyTable(users, ports)) {
      const status = options.fix ? await mend(deployment, problem, random, now()) : 'found';
      if (status === 'gone') continue;
      counts.problems += 1;
      counts[status === 'repaired' ? 'repaired' : 'remaining'] += 1;
      const line = problemLine(problem, status);
      out(options.json ? printableJson(JSON.stringify(line)) : readableProblem(line));
    }
    if (options.json) out(JSON.stringify(counts));
    else err(`${counts.items} item(s), ${counts.problems} problem(s), ${counts.repaired} repaired`);
    if (counts.remaining > 0) process.exitCode = exitCodes.failed;
  });
}

function age(text: string): string {
  if (!/^\d{1,6}[smhd]$/.test(text)) throw new InvalidArgumentError('Write 30m, 6h or 2d.');
  return text;
}

/** `usher verify`: whether users, claims, links and tag members of the table agree, and how to make them. */
export function addVerifyCommand(program: Command, terminal: Terminal, random: Random): void {
  forDeployment(
    program
      .command('verify')
      .description('Check the whole table, and mend it with --fix. Webhooks may go on meanwhile.')
      .option('--fix', 'repair what can be repaired')
      .option('--yes', 'do not ask')
      .addOption(
        new Option('--pending-after <age>', 'welcome mails and passwords should be done by this age')
          .default('1h')
          .argParser(age),
      ),
    'print one line of JSON per problem, and one with the counts',
  ).action((options: Options) => verify(options, terminal, random));
}
