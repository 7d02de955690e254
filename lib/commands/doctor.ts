import type { Command } from 'commander';
import { checkConcurrency } from '../doctor/check-concurrency.ts';
import { checkConnection } from '../doctor/check-connection.ts';
import { checkCredentials } from '../doctor/check-credentials.ts';
import { checkMail } from '../doctor/check-mail.ts';
import { checkDeadLetters, checkQueue } from '../doctor/check-queue.ts';
import { checkRoles } from '../doctor/check-roles.ts';
import { checkMailLinks, checkSiteKey } from '../doctor/check-site.ts';
import { checkWebhook } from '../doctor/check-webhook.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding, Patient } from '../doctor/finding.ts';
import {
  closeDeployment,
  type Deployment,
  type DeploymentOptions,
  openDeployment,
} from './support/deployment.ts';
import { forDeployment } from './support/deployment-options.ts';
import { exitCodes, type Terminal } from './support/terminal.ts';

interface Options extends DeploymentOptions {
  json?: boolean;
}

async function* findings(patient: Patient): AsyncGenerator<Finding> {
  const { deployment } = patient;
  const checks: [string, (patient: Patient) => Finding[] | Promise<Finding[]>][] = [
    ['webhook', checkWebhook],
    ['roles', checkRoles],
    ['queue', checkQueue],
    ['dead letters', checkDeadLetters],
    ['mail', checkMail],
    ['mail links', checkMailLinks],
    ['site key', checkSiteKey],
    ['concurrency', checkConcurrency],
  ];
  for (const [check, look] of checks) yield* await examine({ check }, deployment.title, () => look(patient));
  for (const connection of Object.keys(deployment.config.connections)) {
    yield* await examine({ check: 'secret', connection }, deployment.title, () =>
      checkConnection(connection, patient),
    );
  }
}

function show({ check, connection, status, message, fix }: Finding, { out }: Terminal): void {
  const what = connection === undefined ? check : `${check} (${connection})`;
  out(`${status.padEnd(4)}  ${what.padEnd(27)}  ${message}`);
  if (fix !== undefined) out(`      → ${fix}`);
}

async function* examination(options: DeploymentOptions, { now }: Terminal): AsyncGenerator<Finding> {
  const title = options.stage === undefined ? 'The local stack' : `Stage ${options.stage}`;
  if (options.stage !== undefined) {
    const found = await examine({ check: 'credentials' }, title, checkCredentials);
    yield* found;
    if (found.some(({ status }) => status === 'fail')) return;
  }
  let deployment: Deployment | undefined;
  yield* await examine({ check: 'stack' }, title, async () => {
    deployment = await openDeployment(options);
    return [{ check: 'stack', status: 'ok', message: `${deployment.title} is there` }];
  });
  if (!deployment) return;
  try {
    yield* findings({ deployment, now });
  } finally {
    closeDeployment(deployment);
  }
}

async function doctor(options: Options, terminal: Terminal): Promise<void> {
  const counts = { ok: 0, warn: 0, fail: 0, skip: 0 };
  for await (const finding of examination(options, terminal)) {
    counts[finding.status] += 1;
    if (options.json) terminal.out(JSON.stringify(finding));
    else show(finding, terminal);
  }
  if (!options.json) terminal.err(`${counts.ok} ok, ${counts.warn} to look at, ${counts.fail} failed`);
  if (counts.fail > 0) process.exitCode = exitCodes.failed;
}

/** `usher doctor`: looks at everything that has to be right, and says how to mend the rest. */
export function addDoctorCommand(program: Command, terminal: Terminal): void {
  forDeployment(
    program
      .command('doctor')
      .description('Check everything that has to be right, and say how to mend the rest.'),
    'print one line of JSON per check',
  ).action((options: Options) => doctor(options, terminal));
}
