import { join } from 'node:path';
import { secureRandom } from '../../functions/random.ts';
import type { ReplayContact, ReplayedContact, ReplayState, ShownLine } from './answers.ts';
import { ConsoleProblem, type CurrentDeployment } from './current-deployment.ts';
import { replayJob, sendReplay } from './replay.ts';
import { keepPlans, type ReplayPlan } from './replay-plan.ts';
import { eachOnce } from './replayable.ts';

/** The replays of a deployment: those of this console, and those that another one has left unfinished. */
export interface Replays {
  /** @returns its id */
  start(contacts: readonly ReplayContact[]): Promise<string>;
  /** Goes on with one that was interrupted. @throws ConsoleProblem when there is none such */
  goOn(id: string): Promise<void>;
  /** The newest ones, newest first. */
  list(lines: readonly ShownLine[]): Promise<ReplayState[]>;
  /** What became of each contact. @throws ConsoleProblem when there is no such replay */
  contacts(id: string, lines: readonly ShownLine[]): Promise<ReplayedContact[]>;
}

/** So many are listed: their files stay until somebody removes them. */
const mostListed = 20;

const jobIds = new WeakMap<ReplayPlan, readonly string[]>();

/** The ids of a plan's jobs. Made once: the page asks for them again and again. */
function jobIdsOf(plan: ReplayPlan): readonly string[] {
  const known = jobIds.get(plan);
  if (known) return known;
  const ids = plan.contacts.map((contact) => replayJob(contact, plan.id, new Date(0)).id);
  jobIds.set(plan, ids);
  return ids;
}

/** What became of a replay's contacts, as far as lines tell. */
function contactsOf(plan: ReplayPlan, lines: readonly ShownLine[]): ReplayedContact[] {
  const last = new Map<unknown, ShownLine['line']>();
  for (const { line } of lines)
    if (line['message'] === 'job' && line['request_id'] === plan.id)
      last.set(line['first_job_id'] ?? line['job_id'], line);
  const ids = jobIdsOf(plan);
  return plan.contacts.map(({ connection, contactId }, index) => {
    const { result = 'not yet', error_code: code } = last.get(ids[index]) ?? {};
    return {
      connection,
      contactId,
      result: String(result),
      ...(code === undefined ? {} : { code: String(code) }),
    };
  });
}

function counted(contacts: readonly ReplayedContact[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { result } of contacts) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

/** Keeps the replays of a deployment in files under a folder, so that none is forgotten with the console. */
export function createReplays(current: CurrentDeployment, title: string, folder: string): Replays {
  const plans = keepPlans(join(folder, '.usher'));
  const running = new Map<string, { problem?: string; isRunning: boolean }>();

  const run = (plan: ReplayPlan) => {
    const state: { problem?: string; isRunning: boolean } = { isRunning: true };
    running.set(plan.id, state);
    void current
      .use((deployment) => sendReplay(deployment, plan, plans))
      .catch((error: unknown) => {
        state.problem = Error.isError(error) ? error.message : String(error);
      })
      .finally(() => {
        state.isRunning = false;
      });
  };
  const own = async () => (await plans.all()).filter((plan) => plan.title === title);
  const known = async (id: string) => {
    const plan = (await own()).find((one) => one.id === id);
    if (plan) return plan;
    throw new ConsoleProblem('There is no such replay.');
  };
  return {
    async start(contacts) {
      const id = secureRandom.uuid();
      const plan = { id, title, started: new Date().toISOString(), contacts: eachOnce(contacts), sent: 0 };
      await plans.start(plan);
      run(plan);
      return id;
    },
    async goOn(id) {
      const plan = await known(id);
      if (!running.get(id)?.isRunning) run(plan);
    },
    async list(lines) {
      const all = await own();
      all.sort((one, other) => other.started.localeCompare(one.started));
      return all.slice(0, mostListed).map((plan) => {
        const { id, started, contacts, sent } = plan;
        const { isRunning = false, problem } = running.get(id) ?? {};
        const results = counted(contactsOf(plan, lines));
        return {
          id,
          started,
          total: contacts.length,
          sent,
          isRunning,
          ...(problem ? { problem } : {}),
          results,
        };
      });
    },
    contacts: async (id, lines) => contactsOf(await known(id), lines),
  };
}
