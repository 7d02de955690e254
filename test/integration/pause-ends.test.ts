import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { probeSeconds } from '../../functions/pacing/pause.ts';
import { letTry } from '../../functions/pacing/pause-item.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { pauseOf } from '../support/pauses.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import {
  add,
  alarms,
  held,
  inAnotherProcess,
  io,
  newContact,
  test,
  told,
  usePacedStack,
} from './paced-stack.ts';
import { drain } from './work.ts';

usePacedStack();

describe('when a pause is over', () => {
  async function paused(seconds = 60): Promise<void> {
    test.encharge.faults.inject({ status: 429, retryAfter: String(seconds) });
    await add('encharge');
    test.encharge.faults.clear();
    io.advance(seconds * 1000);
    inAnotherProcess();
  }

  it('one call finds out whether the CRM has recovered, and the others wait for it', async () => {
    await paused();
    let answer: () => void = () => undefined;
    const isBack = new Promise<void>((resolve) => {
      answer = resolve;
    });
    io.before = ({ service }) => (service === 'crm' ? isBack : undefined);
    io.clear();
    const all = Array.from({ length: 16 }, () => add('encharge'));
    let answered = 0;
    for (const one of all) void one.then(() => (answered += 1));
    for (let looks = 0; looks < 500 && answered < 15; looks += 1) await setTimeout(10);
    expect(io.count('crm')).toBe(1);
    answer();
    const answers = await Promise.all(all);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(15).fill(202)]);
    expect(await told(add('encharge'))).toMatchObject({ answer: '200 created' });
  });

  it('it begins anew when that call fails, for longer each time when no time is named', async () => {
    test.encharge.faults.inject({ status: 429 });
    await add('encharge');
    for (const seconds of [15, 30, 60, 120, 300, 300]) {
      expect(await told(add('encharge'))).toEqual(held);
      io.advance(seconds * 1000 - 1);
      expect(await told(add('encharge'))).toEqual(held);
      io.advance(1);
      expect(await told(add('encharge'))).toMatchObject({ because: 'crm_rate_limited', calls: 1 });
    }
  });

  it('somebody else asks when the one who did has died', async () => {
    await paused();
    io.crashAt(3, 'before');
    await expect(add('encharge')).resolves.toMatchObject({ status: 503 });
    io.revive();
    inAnotherProcess();
    expect(await pauseOf(test, 'encharge')).toHaveProperty('probeUntil');
    expect(await told(add('encharge'))).toEqual(held);
    io.advance(probeSeconds * 1000 + 1);
    expect(await told(add('encharge'))).toMatchObject({ answer: '200 created' });
  });
});

describe('a token that the CRM rejects', () => {
  it('rings once, and once more when all is well, however many webhooks come', async () => {
    test.userengage.faults.inject({ status: 401 });
    const ids = Array.from({ length: 20 }, () => newContact('userengage'));
    await Promise.all(ids.map((id) => add('userengage', id)));
    for (let probes = 0; probes < 5; probes += 1) {
      io.advance(301_000);
      await add('userengage');
    }
    expect(alarms).toEqual(['userengage rejected']);
    expect(await told(add('userengage'))).toEqual(held);

    // As `usher connect` does.
    test.userengage.faults.clear();
    inAnotherProcess();
    await letTry({ ...test.users, now: io.now }, 'userengage');
    expect(await told(add('userengage'))).toMatchObject({ answer: '200 created' });
    expect(alarms).toEqual(['userengage rejected', 'userengage accepted']);
    await drain(test, io);
    for (const id of ids) expect(await test.userOf('userengage', id)).toBeDefined();
  });

  it('stays on when something else goes wrong in between, and is over with the first good answer', async () => {
    test.userengage.faults.inject({ status: 401 });
    await add('userengage');
    for (const fault of [{ status: 429, retryAfter: '60' }, { status: 503 }]) {
      test.userengage.faults.clear();
      test.userengage.faults.inject(fault);
      io.advance(301_000);
      await add('userengage');
    }
    expect(alarms).toEqual(['userengage rejected']);
    test.userengage.faults.clear();
    io.advance(301_000);
    expect(await told(add('userengage'))).toMatchObject({ answer: '200 created' });
    expect(alarms).toEqual(['userengage rejected', 'userengage accepted']);
  });

  it('that may not write holds up nobody who reads', async () => {
    await add('userengage', putContact(test, 'userengage', { email: newEmail(), tags: [] }));
    const [job] = await takeJobs(test);
    if (!job) throw new Error('No job was queued.');
    test.userengage.faults.inject({ status: 403, method: 'POST' });
    expect(await deliver(test, job)).toBe('failed');
    expect(await told(add('userengage'))).toMatchObject({ answer: '200 created' });
    expect(alarms).toEqual([]);
    test.userengage.faults.clear();
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
  });

  it('can be tested while the connection is paused for it, and a good one ends the pause', async () => {
    test.encharge.faults.inject({ status: 401 });
    await add('encharge');
    expect(await told(webhook(test, 'encharge', 'test', ''))).toMatchObject({
      answer: '424 crm_credentials_rejected',
      calls: 1,
    });
    test.encharge.faults.clear();
    expect(await told(webhook(test, 'encharge', 'test', ''))).toMatchObject({ answer: '200 ok', calls: 1 });
    expect(await told(add('encharge'))).toMatchObject({ answer: '200 created' });
  });

  it('does not make a test call a CRM that limits our calls', async () => {
    test.encharge.faults.inject({ status: 429, retryAfter: '60' });
    await add('encharge');
    expect(await told(webhook(test, 'encharge', 'test', ''))).toMatchObject({
      answer: '424 crm_paused',
      calls: 0,
    });
  });

  it('has no pause of its own to lift when the CRM was paused for something else', async () => {
    test.encharge.faults.inject({ status: 429, retryAfter: '60' });
    await add('encharge');
    await letTry(test.users, 'encharge');
    expect(await told(add('encharge'))).toEqual(held);
  });
});
