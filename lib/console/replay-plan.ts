import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReplayContact } from './answers.ts';

/** Contacts that are to be replayed, and how far that has come. */
export interface ReplayPlan {
  id: string;
  /** Whose they are, as people call it. */
  title: string;
  started: string;
  contacts: readonly ReplayContact[];
  /** So many of them, from the first on, are in the queue. */
  sent: number;
}

/** A plan outlives the console: one that was killed goes on from its file, which holds ids and roles. */
export interface ReplayPlans {
  start(plan: ReplayPlan): Promise<void>;
  note(id: string, sent: number): Promise<void>;
  all(): Promise<ReplayPlan[]>;
}

const [prefix, suffix] = ['replay-', '.jsonl'];

/** A file that somebody has damaged hides no other replay. */
function planIn(line: string): ReplayPlan | undefined {
  try {
    return JSON.parse(line) as ReplayPlan;
  } catch {
    return undefined;
  }
}

/** The first line is the plan, each other says how many were sent. Half a line at the end is of a console that was killed. */
function parsePlan(text: string): ReplayPlan | undefined {
  const [first = '', ...notes] = text.split('\n').slice(0, -1);
  const plan = planIn(first);
  return plan && { ...plan, sent: Math.max(0, ...notes.map(Number).filter(Number.isFinite)) };
}

/** Keeps plans in files that only their owner reads. */
export function keepPlans(folder: string): ReplayPlans {
  const fileOf = (id: string) => join(folder, `${prefix}${id}${suffix}`);
  const read = new Map<string, { mark: string; plan: ReplayPlan | undefined }>();
  /** A file that was not written to since holds what it held. */
  const planOf = async (file: string) => {
    const { mtimeMs, size } = await stat(file);
    const mark = `${mtimeMs} ${size}`;
    const known = read.get(file);
    if (known?.mark === mark) return known.plan;
    const plan = parsePlan(await readFile(file, 'utf8'));
    read.set(file, { mark, plan });
    return plan;
  };
  return {
    async start(plan) {
      await mkdir(folder, { recursive: true });
      await writeFile(fileOf(plan.id), `${JSON.stringify(plan)}\n`, { mode: 0o600 });
    },
    // On a line of its own: the half of a number that a killed console has left is smaller than that was.
    note: (id, sent) => appendFile(fileOf(id), `\n${sent}\n`),
    async all() {
      const names = await readdir(folder).catch(() => []);
      const files = names.filter((name) => name.startsWith(prefix) && name.endsWith(suffix));
      const plans = await Promise.all(files.map((name) => planOf(join(folder, name))));
      return plans.filter((plan) => plan !== undefined);
    },
  };
}
