import { type Command, InvalidArgumentError, Option } from 'commander';
import { confirm } from './support/confirm.ts';
import { deadJobLine, readableDeadJob } from './support/dead-job-line.ts';
import { countDeadJobs, type DeadJob, dropJobs, replayJobs, takeDeadJobs } from './support/dead-letters.ts';
import type { DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { forEachDeadJob, isWanted, type Tally, type WantedJobs } from './support/for-each-dead-job.ts';
import { progress } from './support/progress.ts';
import { exitCodes, printableJson, type Terminal, WrongUsage } from './support/terminal.ts';

interface Options extends DeploymentOptions, WantedJobs {
  json?: boolean;
}

interface ListOptions extends Options {
  limit: number;
}

async function list(options: ListOptions, terminal: Terminal): Promise<void> {
  const { out, err, now } = terminal;
  const show = progress(terminal, 'Looking');
  await withDeployment(options, async (letters) => {
    const total = await countDeadJobs(letters);
    const found: DeadJob[] = [];
    for await (const jobs of takeDeadJobs(letters, new Set())) {
      found.push(...jobs.filter((job) => isWanted(job, options)));
      show(found.length, Math.min(total, options.limit));
      if (found.length >= options.limit) break;
    }
    const lines = found.slice(0, options.limit).map(deadJobLine);
    for (const line of lines) {
      out(options.json ? printableJson(JSON.stringify(line)) : readableDeadJob(line, now()));
    }
    if (!options.json) err(`${lines.length} of about ${Math.max(total, lines.length)} dead job(s)`);
  });
}

function report(verb: string, { done, refused }: Tally, json: boolean | undefined, { out, err }: Terminal) {
  if (json) out(JSON.stringify({ [verb]: done, refused }));
  else out(`${done} job(s) ${verb}.`);
  if (refused === 0) return;
  err(`SQS refused ${refused} job(s): they are still among the dead letters. Run the command again.`);
  process.exitCode = exitCodes.failed;
}

async function replay(options: Options, terminal: Terminal): Promise<void> {
  await withDeployment(options, async (letters) => {
    const work: typeof dropJobs = (all, jobs) => replayJobs(all, jobs, terminal.now());
    const tally = await forEachDeadJob(letters, options, work, progress(terminal, 'Replaying'));
    report('replayed', tally, options.json, terminal);
  });
}

interface DropOptions extends Options {
  all?: boolean;
  yes?: boolean;
}

async function drop(options: DropOptions, terminal: Terminal): Promise<void> {
  const { job, connection, all } = options;
  if (job === undefined && connection === undefined && !all) {
    throw new WrongUsage('Say which jobs: --job <id>, --connection <name> or --all.');
  }
  await withDeployment(options, async (letters) => {
    const which = [
      job === undefined ? 'every dead job' : `the dead job ${job}`,
      ...(connection === undefined ? [] : [`of connection ${connection}`]),
    ].join(' ');
    await confirm(terminal, `This drops ${which} in ${letters.title} for good.`, options.yes);
    const tally = await forEachDeadJob(letters, options, dropJobs, progress(terminal, 'Dropping'));
    report('dropped', tally, options.json, terminal);
  });
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Write a number from 1 to 999999.');
  return Number(text);
}

/** `usher dlq`: the jobs that were given up after their last try. */
export function addDlqCommand(program: Command, terminal: Terminal): void {
  const dlq = program.command('dlq').description('Look at jobs that were given up, replay and drop them.');
  const forJobs = (command: Command, json?: string) =>
    forDeployment(
      command
        .option('--job <id>', 'only this job')
        .option('--connection <name>', 'only jobs of this connection'),
      json,
    );
  forJobs(
    dlq
      .command('list')
      .description('List jobs that were given up.')
      .addOption(new Option('--limit <number>', 'at most so many').default(100).argParser(positive)),
    'print one line of JSON per job',
  ).action((options: ListOptions) => list(options, terminal));
  forJobs(dlq.command('replay').description('Put jobs back into the job queue, to be tried again.')).action(
    (options: Options) => replay(options, terminal),
  );
  forJobs(
    dlq
      .command('drop')
      .description('Delete jobs for good.')
      .addOption(new Option('--all', 'every job').conflicts(['job', 'connection']))
      .option('--yes', 'do not ask'),
  ).action((options: DropOptions) => drop(options, terminal));
}
