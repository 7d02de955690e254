import { describe, expect, it } from '@jest/globals';
import type { PaceChange } from '../../functions/pace/pace-item.ts';
import { failed, limited } from '../../functions/pace/rate.ts';
import type { Finding } from '../../lib/doctor/finding.ts';
import { cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import { forgetPace, putPace } from '../support/pace.ts';

useCliStack({ withPoller: false });

/** What `usher doctor` says of the stage that is not in order. */
async function troubles() {
  const { code, out } = await cli.deployed(['doctor', '--json']);
  return { code, found: (jsonLines(out) as Finding[]).filter(({ status }) => status !== 'ok') };
}

describe('usher doctor', () => {
  const since = Date.now() - 60_000;
  it.each<[name: string, state: PaceChange, because: string, fix: string]>([
    [
      'the token is rejected',
      { access: { testedAt: since, rejectedAt: since, refused: [] } },
      'rejects the API token',
      'npx usher connect encharge --stage test',
    ],
    [
      'a permission is missing',
      { access: { testedAt: since, refused: [], isIncomplete: true } },
      'refuses one contact after the other',
      'Let the token read contacts',
    ],
    [
      'the CRM limits',
      { rate: limited(undefined, { documented: 2.5 }, since) },
      'the CRM limits our calls; now 2.5 calls a second; 0 wait.',
      'by itself',
    ],
    [
      'the CRM fails',
      { rate: failed(undefined, {}, since) },
      'does not answer as it should',
      'npx usher resume encharge --stage test',
    ],
  ])('says how slow a connection is, and why: %s', async (_name, state, because, fix) => {
    await putPace(cli.test, 'encharge', state);
    const { code, found } = await troubles();
    await forgetPace(cli.test);
    expect({ code, found }).toEqual({
      code: 0,
      found: [
        {
          check: 'pace',
          connection: 'encharge',
          status: 'warn',
          message: expect.stringContaining(because),
          fix: expect.stringContaining(fix),
        },
      ],
    });
    expect(found[0]?.message).toContain(`since ${new Date(since).toISOString()}`);
  });

  it.each([
    [6, 'of 6 calls of the function at once webhooks have at least 2, jobs take 4 at most', '3'],
    [7, 'of 7 calls of the function at once webhooks have at least 3, jobs take 4 at most', '3'],
    [4, 'of 4 calls of the function at once webhooks have at least 0, jobs take 4 at most', '2'],
  ])('warns when of %i calls jobs leave webhooks fewer than half', async (limit, message, lower) => {
    cli.stage.account.unreservedConcurrency = limit;
    const { code, found } = await troubles();
    expect({ code, troubles: found }).toEqual({
      code: 0,
      troubles: [
        {
          check: 'concurrency',
          status: 'warn',
          message,
          fix: expect.stringContaining(`set maximumConcurrency of this stage to ${lower} `),
        },
      ],
    });
  });

  it('says nothing of half of them', async () => {
    cli.stage.account.unreservedConcurrency = 8;
    expect((await troubles()).found).toEqual([]);
  });
});
