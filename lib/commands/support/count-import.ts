import { emailOf } from '../../../functions/actions/profile.ts';
import type { Contact } from '../../../functions/crm/connector.ts';
import { loadIfThere } from '../../../functions/crm/load-if-there.ts';
import { throttle } from '../../import/clock.ts';
import { type Counts, countContacts, countLines, type Effort, mailRoom } from '../../import/count.ts';
import { createJudge } from '../../import/judge.ts';
import { patiently } from '../../import/read-list.ts';
import type { Step } from '../../import/walk.ts';
import type { BulkOptions } from './bulk-options.ts';
import type { At, Counted } from './bulk-run.ts';
import type { ListedCrm } from './listed-crm.ts';
import type { Terminal } from './terminal.ts';

export interface ImportOptions extends BulkOptions {
  role?: string;
  notify?: boolean;
}

/** Asks the CRM for contacts, as the jobs will. */
function contactReader({ connection, clock }: At<ImportOptions>, { client }: ListedCrm) {
  return {
    load: (id: string) => patiently(() => loadIfThere(client, id), clock),
    emailOf: (contact: Contact) => emailOf(contact, connection.settings.fields),
  };
}

/** Ids that were given have no addresses: their contacts are looked at, one by one, no faster than they will be imported. */
export async function* lookedUp(
  steps: AsyncIterable<Step>,
  at: At<ImportOptions>,
  crm: ListedCrm,
): AsyncGenerator<Step> {
  const { load, emailOf } = contactReader(at, crm);
  const turn = throttle(at.options.rate, at.clock);
  for await (const { place, fresh } of steps) {
    const looked: Step['fresh'][number][] = [];
    for (const { id } of fresh) {
      await turn();
      const contact = await load(id);
      looked.push({ id, email: contact && emailOf(contact) });
    }
    yield { place, fresh: looked };
  }
}

/** What it takes, besides the list that was read for the count. */
async function effortOf(
  counts: Counts,
  first: string | undefined,
  at: At<ImportOptions>,
  crm: ListedCrm,
): Promise<Effort> {
  const { options, connection, deployment } = at;
  const { load } = contactReader(at, crm);
  const forList = crm.calls();
  // The second time as all others: what the client remembers was asked for by the first one.
  if (first !== undefined) await load(first);
  const before = crm.calls();
  if (first !== undefined) await load(first);
  const each = crm.calls() - before;
  const returned = connection.settings.returnPassword ? 2 * counts.created : 0;
  const room = options.notify ? await mailRoom(deployment) : undefined;
  return {
    crmCalls: forList + each * counts.found + returned,
    minutes: Math.ceil(counts.found / options.rate / 60),
    rate: options.rate,
    ...(room && { mails: { count: counts.created, left: room.left, perSecond: room.perSecond } }),
  };
}

function show(counts: Counts, effort: Effort, json: boolean | undefined, { out, err }: Terminal): void {
  const { crmCalls: crm_calls, minutes, mails } = effort;
  if (json) out(JSON.stringify({ ...counts, crm_calls, minutes, ...(mails ? { mails: mails.count } : {}) }));
  else for (const line of countLines(counts, effort)) err(line);
}

/** Why SES would refuse the last of them. */
function mailProblem({ mails }: Effort): string | undefined {
  if (mails?.left === undefined || mails.count <= mails.left) return undefined;
  return `SES sends ${mails.left} mail(s) more today, and these are ${mails.count}: import fewer with --limit, or ask for a higher quota. Nothing was done.`;
}

/** Counts what an import would do, and what it would take, and shows that. Only reads. */
export async function countImport(
  steps: AsyncIterable<Step>,
  at: At<ImportOptions>,
  crm: ListedCrm,
): Promise<Counted> {
  const { deployment, connection, options, terminal } = at;
  const { users, config, title } = deployment;
  const judge = createJudge({ users, config, connection, ...contactReader(at, crm) });
  const { counts, first } = await countContacts(steps, judge, options.limit);
  const effort = await effortOf(counts, first, at, crm);
  show(counts, effort, options.json, terminal);
  const mailed = options.notify ? ', and mails those who are new' : '';
  return {
    total: counts.found,
    question: `This imports ${counts.found} contact(s) of ${connection.name} into ${title}${mailed}.`,
    problem: mailProblem(effort),
  };
}
