import type { Command } from 'commander';
import { awsFailure } from './aws-failure.ts';
import { closeDeployment, type Deployment, type DeploymentOptions, openDeployment } from './deployment.ts';
import { portOption } from './port-option.ts';

/** Adds the options that say which Usher a command talks to, and `--json`. */
export function forDeployment(command: Command, json = 'print JSON'): Command {
  return command
    .option('--stage <name>', 'a deployed stage; without it the local stack')
    .addOption(portOption('port of the local stack'))
    .option('--json', json);
}

/**
 * Runs a command's work on its deployment and closes it, whatever happens.
 *
 * @throws CommandError in place of what AWS says, with what to do about it
 */
export async function withDeployment<Result>(
  options: DeploymentOptions,
  work: (deployment: Deployment) => Promise<Result>,
): Promise<Result> {
  const deployment = await openDeployment(options);
  try {
    return await work(deployment);
  } catch (error) {
    throw awsFailure(error, deployment.title);
  } finally {
    closeDeployment(deployment);
  }
}
