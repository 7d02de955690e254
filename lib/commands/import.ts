import { type Command, Option } from 'commander';
import { emailOf } from '../../functions/actions/profile.ts';
import type { Connection } from '../../functions/config/config.ts';
import type { CrmClient } from '../../functions/crm/crm-client.ts';
import { loadIfThere } from '../../functions/crm/load-if-there.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { refusalOf } from '../../functions/users/roles.ts';
import { type Clock, throttle } from '../import/clock.ts';
import { type Counts, countContacts, countLines, type Effort, mailRoom } from '../import/count.ts';
import { createJudge } from '../import/judge.ts';
import { listReader, patiently } from '../import/read-list.ts';
import { expectListed, readIds, type Selection, selectionOf } from '../import/selection.ts';
import { inSteps } from '../import/source.ts';
import type { State } from '../import/state.ts';
import { type Step, walk } from '../import/walk.ts';
import { addImportList } from './import-list.ts';
import { addImportUndo } from './import-undo.ts';
import { type BulkOptions, type BulkPorts, forBulk } from './support/bulk-options.ts';
import {
  beginning,
  interruptedState,
  type ListedCrm,
  runBulk,
  wantedConnection,
  withCrm,
} from './support/bulk-run.ts';
import { confirm } from './support/confirm.ts';
import type { Deployment } from './support/deployment.ts';
import { withDeployment } from './support/deployment-options.ts';
import { CommandError, type Terminal, WrongUsage } from './support/terminal.ts';

interface Options extends BulkOptions {
  segment?: string;
  ids?: string;
  role?: string;
  notify?: boolean;
}

const ways = '--tag <tag>, --segment <id>, --all or --ids <file>';

/** Where the contacts come from: the CRM's list from the place on that was read last, or the ids that were given. */
function stepsOf(
  { by, of, ids = [], place, sent = [], others = [] }: Selection & Partial<State>,
  crm: CrmClient,
  clock: Clock,
): AsyncGenerator<Step> {
  const seen = new Set([...sent, ...others]);
  if (by === 'ids' || by === 'user') return inSteps(ids, seen);
  return walk(listReader(crm, by, of, clock), place, seen);
}

interface Counting {
  deployment: Deployment;
  connection: { name: string; settings: Connection };
  crm: ListedCrm;
  clock: Clock;
}

/** Ids that were given have no addresses: their contacts are looked at, one by one, no faster than they will be imported. */
async function* lookedUp(
  steps: AsyncIterable<Step>,
  { connection, crm, clock }: Counting,
  rate: number,
): AsyncGenerator<Step> {
  const turn = throttle(rate, clock);
  for await (const { place, fresh } of steps) {
    const looked: Step['fresh'][number][] = [];
    for (const { id } of fresh) {
      await turn();
      const contact = await patiently(() => loadIfThere(crm.client, id), clock);
      looked.push({ id, email: contact && emailOf(contact, connection.settings.fields) });
    }
    yield { place, fresh: looked };
  }
}

/** Counts what an import would do, and what it would take. Only reads. */
async function count(selection: Selection, options: Options, counting: Counting) {
  const { deployment, connection, crm, clock } = counting;
  const { users, config } = deployment;
  const load = (id: string) => patiently(() => loadIfThere(crm.client, id), clock);
  const email = (contact: Parameters<typeof emailOf>[0]) => emailOf(contact, connection.settings.fields);
  const judge = createJudge({ users, config, connection, load, emailOf: email });
  const listed = stepsOf(selection, crm.client, clock);
  const steps = selection.by === 'ids' ? lookedUp(listed, counting, options.rate) : listed;
  const { counts, first } = await countContacts(steps, judge, options.limit);
  const forList = crm.calls();
  // The second time as all others: what the client remembers was asked for by the first one.
  if (first !== undefined) await load(first);
  const before = crm.calls();
  if (first !== undefined) await load(first);
  const each = crm.calls() - before;
  const returned = connection.settings.returnPassword ? 2 * counts.created : 0;
  const room = options.notify ? await mailRoom(deployment) : undefined;
  const effort: Effort = {
    crmCalls: forList + each * counts.found + returned,
    minutes: Math.ceil(counts.found / options.rate / 60),
    rate: options.rate,
    ...(room && {
      mails: { count: counts.created, left: room.left, perSecond: room.perSecond },
    }),
  };
  return { counts, effort };
}

function showCounts(
  { counts, effort }: { counts: Counts; effort: Effort },
  json: boolean | undefined,
  { out, err }: Terminal,
): void {
  const { crmCalls: crm_calls, minutes, mails } = effort;
  if (json) out(JSON.stringify({ ...counts, crm_calls, minutes, ...(mails ? { mails: mails.count } : {}) }));
  else for (const line of countLines(counts, effort)) err(line);
}

/** @throws CommandError when SES would refuse the last of them */
function expectMailRoom({ mails }: Effort): void {
  if (mails?.left === undefined || mails.count <= mails.left) return;
  throw new CommandError(
    `SES sends ${mails.left} mail(s) more today, and these are ${mails.count}: import fewer with --limit, or ask for a higher quota. Nothing was done.`,
  );
}

async function start(
  asked: string | undefined,
  options: Options,
  terminal: Terminal,
  ports: BulkPorts,
): Promise<void> {
  const selection = selectionOf(options, ways);
  await withDeployment(options, async (deployment) => {
    const connection = wantedConnection(deployment, asked);
    const { crm, settings } = connection.settings;
    const connector = connectorOf(crm);
    if (options.role !== undefined && refusalOf(deployment.config.roles, options.role))
      throw new WrongUsage('There is no such role, or it is one that only an operator gives.');
    if (selection.by === 'ids') selection.ids = await readIds(selection.of, connector, terminal);
    else if (selection.by !== 'user')
      expectListed(selection.by, connector.api(settings).lists ?? {}, connector.title);
    await withCrm(deployment, connection.name, async (listed) => {
      const counted = await count(selection, options, {
        deployment,
        connection,
        crm: listed,
        clock: ports.clock,
      });
      showCounts(counted, options.json, terminal);
      if (options.dryRun) return;
      expectMailRoom(counted.effort);
      const question = `This imports ${counted.counts.found} contact(s) of ${connection.name} into ${deployment.title}${options.notify ? ', and mails those who are new' : ''}.`;
      await confirm(terminal, question, options.yes);
      const { role, notify = false } = options;
      const given = { kind: 'import', connection: connection.name, ...selection, notify } as const;
      const state = beginning(role === undefined ? given : { ...given, role }, options, ports.clock.now());
      const steps = stepsOf(state, listed.client, ports.clock);
      await runBulk(
        { deployment, state, steps, total: counted.counts.found, json: options.json },
        terminal,
        ports,
      );
    });
  });
}

async function resume(
  asked: string | undefined,
  options: Options & { resume: string },
  terminal: Terminal,
  ports: BulkPorts,
): Promise<void> {
  if (options.tag ?? options.segment ?? options.all ?? options.ids)
    throw new WrongUsage('--resume goes on with whom it was begun: leave the other selection out.');
  const state = await interruptedState('import', asked, options, ports.cwd);
  await withDeployment(options, async (deployment) => {
    wantedConnection(deployment, state.connection);
    await withCrm(deployment, state.connection, ({ client }) =>
      runBulk(
        {
          deployment,
          state,
          steps: stepsOf(state, client, ports.clock),
          total: undefined,
          json: options.json,
        },
        terminal,
        ports,
      ),
    );
  });
}

/** `usher import`: makes users of the contacts that a CRM has already. */
export function addImportCommand(program: Command, terminal: Terminal, ports: BulkPorts): void {
  const command = program
    .command('import')
    .description('Make users of contacts that the CRM has already: try it with --limit 1 first.')
    .argument('[connection]', 'as it is called in usher.config.ts')
    .addOption(new Option('--tag <tag>', 'who has this tag'))
    .addOption(new Option('--segment <id>', 'who is in this segment'))
    .option('--all', 'everybody')
    .option('--ids <file>', "the contacts of a file with the CRM's ids, one a line; - is stdin")
    .option('--role <role>', 'the role that they get')
    .option('--notify', 'send the welcome mail to those who are new');
  forBulk(command).action((connection: string | undefined, options: Options) => {
    const { resume: id } = options;
    if (id === undefined) return start(connection, options, terminal, ports);
    return resume(connection, { ...options, resume: id }, terminal, ports);
  });
  addImportList(command, terminal, ports);
  addImportUndo(command, terminal, ports);
}
