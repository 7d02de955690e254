/** One kind of load. */
export interface Scenario {
  title: string;
  /** Adds in all, as many updates if the load is mixed, and how many of both are under way at once. */
  count: number;
  concurrency: number;
  /** What is sent: adds of people who are new, or also updates of users. */
  actions: 'add' | 'mixed';
  /** The answer comes at once, the work from the queue. */
  isAsync?: boolean;
  /** How long the CRM takes with every answer until the last webhook is answered, in milliseconds. */
  crmLatencyMs: number;
  /** To be held on two quiet cores: answered and applied within so many milliseconds. */
  goal: { answeredMs?: number; appliedMs?: number; slowestMs?: number };
}

/** As a CRM on the internet answers. */
const usual = 100;
/** Longer than a webhook waits for a CRM. */
const hung = 8000;

const burst = (count: number, goal: Scenario['goal']): Scenario => ({
  title: `${count} adds at once`,
  count,
  concurrency: count,
  actions: 'add',
  crmLatencyMs: usual,
  goal,
});

export const scenarios = {
  burst200: burst(200, { answeredMs: 1600, appliedMs: 4000 }),
  async200: { ...burst(200, { appliedMs: 2200 }), title: '200 async adds at once', isAsync: true },
  burst500: burst(500, { answeredMs: 4000, appliedMs: 8000 }),
  burst2000: burst(2000, { answeredMs: 15_000, appliedMs: 35_000 }),
  add10000: { ...burst(10_000, {}), title: '10,000 adds, 64 at once', concurrency: 64 },
  steady: {
    ...burst(2000, {}),
    title: '2,000 adds and 2,000 updates, 16 at once',
    concurrency: 16,
    actions: 'mixed',
  },
  hung: {
    ...burst(2000, { slowestMs: 4500 }),
    title: '2,000 adds, 50 at once, CRM hangs',
    concurrency: 50,
    crmLatencyMs: hung,
  },
} satisfies Readonly<Record<string, Scenario>>;
