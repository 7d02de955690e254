import type { Command } from 'commander';
import { connectorOf } from '../../functions/crm/registry.ts';
import { resume } from '../../functions/pace/pace-item.ts';
import { paceReport } from '../../functions/pace/pace-report.ts';
import { askCrm } from './support/crm-account.ts';
import type { DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { paceLine } from './support/pace-line.ts';
import { secretWords } from './support/secret-word.ts';
import { changeSecret, connectionOf, readSecret } from './support/stored-secret.ts';
import { CommandError, type Terminal } from './support/terminal.ts';

interface Options extends DeploymentOptions {
  test: boolean;
  json?: boolean;
}

async function connect(name: string, options: Options, terminal: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const { crm: crmName, settings } = connectionOf(deployment, name);
    const { title, secrets, api } = connectorOf(crmName);
    // What cannot be stored need not be asked for.
    await readSecret(deployment, name);
    const credentials = await secretWords(terminal, title, secrets);
    const store = () => changeSecret(deployment, name, ({ accessKeys }) => ({ accessKeys, credentials }));
    // A token is fetched for what is stored, and may use it up: it goes there, too.
    const isStoredFirst = api(settings).signIn !== undefined;
    if (isStoredFirst) await store();
    if (options.test) {
      await askCrm(deployment, name, credentials, (crm) => crm.testCredentials()).catch((error: unknown) => {
        if (!(error instanceof CommandError)) throw error;
        const outcome = isStoredFirst ? 'It was stored all the same.' : 'Nothing was stored.';
        throw new CommandError(`${error.message} ${outcome}`, { cause: error });
      });
    }
    if (!isStoredFirst) await store();
    const slowed = await resume(deployment.users, name).catch((error: unknown) => {
      // The token is stored, and that is what was asked for.
      const reason = Error.isError(error) ? error.name : 'unknown';
      terminal.err(
        `The connection could not be put back to normal (${reason}); it tries the token every minute.`,
      );
      return undefined;
    });
    const slow = paceLine(paceReport(slowed, deployment.users.now().getTime()));
    if (slow !== undefined && !options.json) terminal.err(`Until now: ${slow}`);
    if (options.json) terminal.out(JSON.stringify({ connection: name, stored: true, tested: options.test }));
    else {
      terminal.out(
        options.test ? `${title} accepts the token. It is stored.` : 'The token is stored, untested.',
      );
      terminal.err(
        'The function uses it within 5 minutes; within 10 seconds if the old one was refused. Jobs that\nwaited for it follow within a quarter of an hour.',
      );
    }
  });
}

/** `usher connect`: stores the API token of a connection. */
export function addConnectCommand(program: Command, terminal: Terminal): void {
  forDeployment(
    program
      .command('connect')
      .description("Test and store a connection's API token, typed or from stdin.")
      .argument('<connection>', 'as it is called in usher.config.ts')
      .option('--no-test', 'store it without asking the CRM'),
  ).action((connection: string, options: Options) => connect(connection, options, terminal));
}
