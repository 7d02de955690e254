import { join } from 'node:path';
import { secureRandom } from '../../functions/random.ts';
import type { ReplayContact, ReplayState, ShownLine } from './answers.ts';
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
  list(lines: readonly ShownLine[]): Promise<ReplayState[]>;
}

/** What became of a replay's contacts, as far as lines tell. */
function contactsOf({ id, contacts }: ReplayPlan, lines: readonly ShownLine[]): ReplayState['contacts'] {
  const last = new Map<unknown, ShownLine['line']>();
  for (const { line } of lines)
    if (line['message'] === 'job' && line['request_id'] === id) last.set(line['job_id'], line);
  return contacts.map((contact) => {
    const line = last.get(replayJob(contact, id, new Date(0)).id);
    const { result, error_code: code } = line ?? {};
    return {
      connection: contact.connection,
      contactId: contact.contactId,
      ...(result === undefined ? {} : { result: String(result) }),
      ...(code === undefined ? {} : { code: String(code) }),
    };
  });
}

function counted(contacts: ReplayState['contacts']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { result = 'not yet' } of contacts) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

/** Keeps the replays of a deployment in files under a folder, so that none is forgotten with the console. */
export function createReplays(current: CurrentDeployment, title: string, folder: string): Replays {
  const plans = keepPlans(join(folder, '.usher'));
  const running = new Map<string, { sent: number; problem?: string; isRunning: boolean }>();

  const run = (plan: ReplayPlan) => {
    const state: { sent: number; problem?: string; isRunning: boolean } = {
      sent: plan.sent,
      isRunning: true,
    };
    running.set(plan.id, state);
    const told = (sent: number) => {
      state.sent = sent;
    };
    void current
      .use((deployment) => sendReplay(deployment, plan, plans, told))
      .catch((error: unknown) => {
        state.problem = Error.isError(error) ? error.message : String(error);
      })
      .finally(() => {
        state.isRunning = false;
      });
  };
  const own = async () => (await plans.all()).filter((plan) => plan.title === title);
  return {
    async start(contacts) {
      const id = secureRandom.uuid();
      const plan = { id, title, started: new Date().toISOString(), contacts: eachOnce(contacts), sent: 0 };
      await plans.start(plan);
      run(plan);
      return id;
    },
    async goOn(id) {
      if (running.get(id)?.isRunning) return;
      const plan = (await own()).find((one) => one.id === id);
      if (!plan) throw new ConsoleProblem('There is no such replay.');
      run(plan);
    },
    async list(lines) {
      const all = await own();
      all.sort((one, other) => other.started.localeCompare(one.started));
      return all.map((plan) => {
        const contacts = contactsOf(plan, lines);
        const { id, started } = plan;
        const { isRunning = false, problem } = running.get(id) ?? {};
        const state = { id, started, total: contacts.length, sent: plan.sent, isRunning };
        return { ...state, ...(problem ? { problem } : {}), results: counted(contacts), contacts };
      });
    },
  };
}
