import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshMs, refreshMs } from '../../functions/runtime/key-ring.ts';
import { type CliStack, startCliStack } from '../support/cli-stack.ts';
import { noteSecret } from '../support/leaks.ts';
import { movedClock } from '../support/moved-clock.ts';
import { patientConfig } from '../support/patient-config.ts';
import { request } from '../support/webhook.ts';

const clock = movedClock();
let cli: CliStack;
let old: string;
beforeAll(async () => {
  cli = await startCliStack({ adjust: clock.adjust, withPoller: false, config: patientConfig });
  old = String(cli.test.stack.connections['encharge']?.accessKey);
});
afterAll(() => cli.stop());

const atOnce = 8;
let sent = 0;

/** A webhook that goes all the way to the table: nobody is linked to this contact. */
async function send(access_key: string): Promise<number> {
  sent += 1;
  const query = { wpf_action: 'update_tags', access_key, contact_id: `nobody-${sent}` };
  return (await request(cli.test, { query })).status;
}

/** Sends webhooks with each key, several at once, until so many are sent and `isEnough`. Answers what each key met. */
async function load(count: number, keys: readonly string[], isEnough = () => true): Promise<number[][]> {
  const statuses = keys.map(() => new Set<number>());
  let left = count;
  const sender = async () => {
    while (left > 0 || !isEnough()) {
      left -= 1;
      for (const [index, key] of keys.entries()) statuses[index]?.add(await send(key));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return statuses.map((met) => [...met].sort());
}

/** Runs a command while webhooks come in from before its beginning to after its end. */
async function during(args: readonly string[], count: number, keys: readonly string[]) {
  let isDone = false;
  const running = cli.local(args).finally(() => {
    isDone = true;
  });
  const statuses = await load(count, keys, () => isDone);
  const { code, out } = await running;
  expect(code).toBe(0);
  return { out, statuses };
}

describe('a key is rotated while 1,000 webhooks come in', () => {
  let added: string;

  it('no webhook with the old key is refused while the new one is made', async () => {
    const { out, statuses } = await during(['keys', 'rotate', 'encharge', '--show-key'], 200, [old]);
    added = out.trim();
    noteSecret(added);
    expect(statuses).toEqual([[200]]);
  });

  it('both keys are accepted after 10 seconds', async () => {
    clock.advance(refreshMs);
    expect(await load(200, [old, added])).toEqual([[200], [200]]);
  });

  it('no webhook with the new key is refused while the old one is revoked', async () => {
    const { statuses } = await during(['keys', 'revoke', 'encharge', '--yes'], 150, [added, old]);
    expect(statuses[0]).toEqual([200]);
  });

  it('the old key is refused after 5 minutes, the new one never', async () => {
    clock.advance(freshMs);
    // The old one first: whatever else makes the function look again must not come before it.
    expect(await load(100, [old, added])).toEqual([[403], [200]]);
    expect(sent).toBeGreaterThanOrEqual(1000);
  });
});
