import { afterEach, describe, expect, it } from '@jest/globals';
import { join } from '../../functions/pace/line.ts';
import { limited } from '../../functions/pace/rate.ts';
import { newContact } from '../contract/contacts.ts';
import { type CliStack, cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import { forgetPace, paceStateOf, putPace } from '../support/pace.ts';
import { webhook } from '../support/webhook.ts';

useCliStack({ withPoller: false });
afterEach(() => forgetPace(cli.test));

const since = Date.parse('2026-03-01T12:00:00.000Z');

/** A CRM that limits us to two calls a second, with three jobs in line. */
const slow = () =>
  putPace(cli.test, 'encharge', {
    rate: join(limited(undefined, { documented: 2 }, since), 'batch', 3, since),
  });

describe('usher resume', () => {
  it.each([
    ['the local stack', (): CliStack['local'] => cli.local],
    ['a stage', (): CliStack['local'] => cli.deployed],
  ])('puts a connection back to normal, and says what it was: %s', async (_name, runner) => {
    await slow();
    const { code, out, err } = await runner()(['resume', 'encharge']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('is back to normal') });
    expect(err).toMatch(
      /^Until now: since 2026-03-01T12:00:00\.000Z the CRM limits our calls; now 2 calls a second; 3 wait; the last is due at 20\S+\.\n$/,
    );
    expect(await paceStateOf(cli.test, 'encharge')).toBeUndefined();
  });

  it('lets the next webhook call the CRM at once, however long it wanted to be left alone', async () => {
    const id = newContact(cli.test, 'encharge');
    cli.test.encharge.faults.inject({ status: 429, retryAfter: '86400', times: 1 });
    expect((await webhook(cli.test, 'encharge', 'add', newContact(cli.test, 'encharge'))).status).toBe(202);
    expect((await webhook(cli.test, 'encharge', 'add', id)).status).toBe(202);
    expect((await cli.local(['resume', 'encharge'])).code).toBe(0);
    expect((await webhook(cli.test, 'encharge', 'add', id)).status).toBe(200);
  });

  it('leaves the other connections as they are', async () => {
    await slow();
    expect((await cli.local(['resume', 'userengage'])).code).toBe(0);
    expect(await paceStateOf(cli.test, 'encharge')).toBeDefined();
  });

  it('has nothing to do when all is well', async () => {
    const { code, out, err } = await cli.deployed(['resume', 'encharge']);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 'The connection is called at full speed already.\n',
      err: '',
    });
  });

  it('answers in JSON', async () => {
    await slow();
    const lines = [
      ...jsonLines((await cli.deployed(['resume', 'encharge', '--json'])).out),
      ...jsonLines((await cli.deployed(['resume', 'encharge', '--json'])).out),
    ];
    expect(lines).toEqual([
      {
        connection: 'encharge',
        before: {
          reason: 'crm_rate_limited',
          since: new Date(since).toISOString(),
          calls_per_second: 2,
          waiting: 3,
          last_due: expect.any(String),
        },
      },
      { connection: 'encharge', before: null },
    ]);
  });

  it.each([
    [['resume', 'hubspot'], 2, 'There is no connection "hubspot"'],
    [['resume'], 2, "missing required argument 'connection'"],
  ])('%j ends with %i', async (args, exitCode, message) => {
    const { code, out, err } = await cli.local(args);
    expect({ code, out, err }).toEqual({ code: exitCode, out: '', err: expect.stringContaining(message) });
  });
});
