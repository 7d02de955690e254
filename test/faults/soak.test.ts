import { describe, expect, it } from '@jest/globals';
import { familyCounts } from './family-counts.ts';
import { runSoak } from './run-soak.ts';
import { allFamilies } from './soak-options.ts';

describe('the fault machine', () => {
  it('finds every promise kept while everything fails now and then', async () => {
    const families = new Set(allFamilies);
    // A seed whose weather has plenty of everything: how many faults a run meets depends on how its calls interleave.
    const options = { deliveries: 300, seed: 1123, concurrency: 16, families, verbose: false };
    const run = await runSoak(options, String(process.env['TEST_DYNAMODB']));
    const { problems, users, people, tally, everybody } = run;
    const histories = problems.map(({ person }) => everybody[person ?? -1]?.history);
    expect({ problems, histories }).toEqual({ problems: [], histories: [] });
    expect(users).toBe(people);
    expect(tally.total('answer/')).toBeGreaterThanOrEqual(300);
    const counts = Object.entries(familyCounts(tally));
    expect(counts.map(([family]) => family).sort()).toEqual([...allFamilies].sort());
    expect(counts.filter(([, count]) => count === 0)).toEqual([]);
    expect(tally.total('fault/crm')).toBeGreaterThan(10);
    expect(tally.total('fault/dynamodb')).toBeGreaterThan(5);
    expect(tally.count('killed')).toBeGreaterThan(2);
  });
});
