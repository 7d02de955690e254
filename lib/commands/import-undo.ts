import type { Command } from 'commander';
import { allUsers } from '../../functions/users/all-users.ts';
import { allStates, isOver, readState, type State } from '../import/state.ts';
import { isAsImported, undoUser } from '../import/undo-user.ts';
import { expectSameTarget } from './support/begun-bulk.ts';
import type { BulkPorts } from './support/bulk-options.ts';
import { confirm } from './support/confirm.ts';
import type { Deployment, DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { progress } from './support/progress.ts';
import { queueDepth } from './support/queue-depth.ts';
import { exitCodes, type Terminal, WrongUsage } from './support/terminal.ts';

interface Options extends DeploymentOptions {
  yes?: boolean;
  json?: boolean;
}

/** Says so when the import may make users yet. Without a state nobody knows, and with jobs in the queue some may be its own. */
async function hasOpenJobs(
  state: State | undefined,
  { sqs, queueUrl }: Deployment,
  { err }: Terminal,
): Promise<boolean> {
  if (state && isOver(state)) return false;
  if (state && !state.isRead)
    err('The import was not read to its end: if it still runs, stop it with Ctrl-C, and then undo it again.');
  const { waiting, taken } = await queueDepth(sqs, queueUrl);
  const open = waiting + taken;
  if (open > 0)
    err(
      `${open} job(s) are in the queue, and those of the import make users yet: undo it again when it is empty.`,
    );
  return open > 0;
}

async function undo(
  id: string,
  options: Options,
  terminal: Terminal,
  { cwd, random, clock }: BulkPorts,
): Promise<void> {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new WrongUsage('"import list" shows the ids that there are.');
  const { out, err } = terminal;
  const state = (await allStates(cwd, 'import')).find((one) => one.id === id);
  if (state) expectSameTarget(state, options);
  await withDeployment(options, async (deployment) => {
    const { users, title } = deployment;
    // Before the table is read: a job that is over by then has made its user already.
    if (await hasOpenJobs(state, deployment, terminal)) process.exitCode = exitCodes.failed;
    const made: { id: string; isLeft: boolean }[] = [];
    for await (const user of allUsers(users))
      if (user.importedBy === id) made.push({ id: user.id, isLeft: isAsImported(user) });
    // What it has written to users who were there before stays.
    if (made.length === 0 && !state) await readState(cwd, 'import', id);
    const left = made.filter(({ isLeft }) => isLeft);
    const kept = made.filter(({ isLeft }) => !isLeft).map((one) => one.id);
    const question = `This deletes ${left.length} user(s) of ${title} that the import has made, for good. ${kept.length} that somebody has written to since stay${kept.length === 1 ? 's' : ''}.`;
    if (left.length > 0) await confirm(terminal, question, options.yes);
    const show = progress(terminal, 'Deleting');
    let deleted = 0;
    for (const one of left) {
      if (await undoUser(users, one.id, { random, sleep: clock.sleep })) deleted += 1;
      else kept.push(one.id);
      show(deleted, left.length);
    }
    for (const user of kept) {
      if (options.json) out(JSON.stringify({ kept: user }));
      else out(`kept  user ${user}  written to since the import`);
    }
    if (options.json) out(JSON.stringify({ id, deleted, kept: kept.length }));
    else err(`${deleted} user(s) deleted, ${kept.length} kept. What mails and the CRM have got stays.`);
  });
}

/** `usher import undo`: takes back the users that an import has made. */
export function addImportUndo(command: Command, terminal: Terminal, ports: BulkPorts): void {
  forDeployment(
    command
      .command('undo')
      .description('Delete the users that an import has made and nobody has written to since.')
      .argument('<id>', 'of the import')
      .option('--yes', 'do not ask'),
    'print one value of JSON a line',
  ).action((id: string, options: Options) => undo(id, options, terminal, ports));
}
