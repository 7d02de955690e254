import type { Command } from 'commander';
import { checkCredentials } from '../doctor/check-credentials.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { findings } from '../doctor/findings.ts';
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
