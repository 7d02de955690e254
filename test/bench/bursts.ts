import { runScenario, warmUp } from '../load/run-scenario.ts';
import { type Scenario, scenarios } from '../load/scenarios.ts';
import { type LoadStage, setStage } from './load-surroundings.ts';
import { printTable, type Row } from './report.ts';

const runs = 5;
const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** The same load some times: what `measure` says of each run in seconds, and how many of them keep the goal. */
async function goal(
  stage: LoadStage,
  title: string,
  scenario: Scenario,
  { times, measure }: { times: number; measure: 'ms' | 'appliedMs' },
): Promise<Row> {
  const goalMs = (measure === 'ms' ? scenario.goal.answeredMs : scenario.goal.appliedMs) ?? Number.NaN;
  const measured: number[] = [];
  let lost = 0;
  for (let done = 0; done < times; done += 1) {
    const result = await runScenario(stage, scenario);
    measured.push(result[measure]);
    lost += scenario.count - result.applied;
  }
  const held = measured.filter((ms) => ms <= goalMs).length;
  return [title, measured.map(seconds).join(' '), seconds(goalMs), `${held} of ${times}`, lost];
}

/** Many webhooks at once, through the local HTTP front and the local queue. */
export async function bursts(): Promise<void> {
  const { burst200, async200, burst2000 } = scenarios;
  const stage = await setStage();
  try {
    await warmUp(stage);
    printTable(
      'Bursts',
      ['', 's', 'goal', 'held', 'lost'],
      [
        await goal(stage, '200 adds at once, warm, CRM at 100 ms: last answer', burst200, {
          times: runs,
          measure: 'ms',
        }),
        await goal(stage, '200 async adds at once, CRM at 100 ms: all exist', async200, {
          times: runs,
          measure: 'appliedMs',
        }),
        await goal(stage, '2,000 adds at once: all exist', burst2000, { times: 1, measure: 'appliedMs' }),
      ],
    );
  } finally {
    await stage.stop();
  }
}
