import type { Command } from 'commander';
import { resume } from '../../functions/pace/pace-item.ts';
import { paceReport } from '../../functions/pace/pace-report.ts';
import type { DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { paceLine } from './support/pace-line.ts';
import { connectionOf } from './support/stored-secret.ts';
import type { Terminal } from './support/terminal.ts';

interface Options extends DeploymentOptions {
  json?: boolean;
}

async function run(name: string, options: Options, { out, err }: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    connectionOf(deployment, name);
    const { users } = deployment;
    const before = paceReport(await resume(users, name), users.now().getTime());
    if (options.json) return out(JSON.stringify({ connection: name, before: before ?? null }));
    if (!before) return out('The connection is called at full speed already.');
    out('The connection is back to normal. Jobs that sleep come by within a quarter of an hour.');
    err(`Until now: ${paceLine(before)}`);
  });
}

/** `usher resume`: puts a connection whose CRM limited, failed or refused us back to normal. */
export function addResumeCommand(program: Command, terminal: Terminal): void {
  forDeployment(
    program
      .command('resume')
      .description('Call the CRM of a connection at full speed again, whatever it has said before.')
      .argument('<connection>', 'as it is called in usher.config.ts'),
  ).action((connection: string, options: Options) => run(connection, options, terminal));
}
