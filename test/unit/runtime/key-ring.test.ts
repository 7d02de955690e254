import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../../functions/runtime/key-ring.ts';

const key = (letter: string) => letter.repeat(32);
const secret = (accessKeys: string[], apiToken = 'token') => JSON.stringify({ accessKeys, apiToken });
const minute = 60_000;

/** A key ring over secrets and a clock that a test moves. An `Error` in place of a secret is thrown. */
function ringOver(stored: Record<string, string | Error | undefined>) {
  const secrets = new Map(Object.entries(stored));
  const state = {
    now: 0,
    loads: 0,
    answers: Promise.resolve(),
    problems: [] as [connection: string, error: unknown][],
  };
  const send = async (command: GetSecretValueCommand) => {
    state.loads += 1;
    const SecretString = secrets.get(String(command.input.SecretId));
    await state.answers;
    if (SecretString instanceof Error) throw SecretString;
    return SecretString === undefined ? {} : { SecretString };
  };
  const ring = createKeyRing({
    secrets: { send } as Pick<SecretsManagerClient, 'send'>,
    secretIds: Object.fromEntries(Object.keys(stored).map((name) => [name.replace('secret-of-', ''), name])),
    now: () => new Date(state.now),
    onProblem: (connection, error) => state.problems.push([connection, error]),
  });
  return { ring, state, secrets };
}

describe('an access key', () => {
  it('names its connection; several may be valid at once', async () => {
    const { ring } = ringOver({
      'secret-of-a': secret([key('1'), key('2')], 'token a'),
      'secret-of-b': secret([key('3')], 'token b'),
    });
    expect(await Promise.all(['1', '2', '3'].map((letter) => ring.connectionOf(key(letter))))).toEqual([
      'a',
      'a',
      'b',
    ]);
    expect(await ring.credentials('a')).toEqual({ apiToken: 'token a' });
    expect(await ring.credentials('b')).toEqual({ apiToken: 'token b' });
  });

  it.each([
    '',
    key('9'),
    key('1').slice(1),
    `${key('1')}1`,
    key('1').toUpperCase().toLowerCase().replace('1', 'l'),
    '\u0000',
  ])('names none when it is %j', async (wrong) => {
    const { ring } = ringOver({ 'secret-of-a': secret([key('1')]) });
    expect(await ring.connectionOf(wrong)).toBeUndefined();
  });
});

describe('secrets are read', () => {
  it('once for everybody who asks at the same time', async () => {
    const { ring, state } = ringOver({ 'secret-of-a': secret([key('1')]) });
    await Promise.all([ring.connectionOf(key('1')), ring.connectionOf(key('1')), ring.credentials('a')]);
    expect(state.loads).toBe(1);
  });

  it('again after five minutes', async () => {
    const { ring, state, secrets } = ringOver({ 'secret-of-a': secret([key('1')]) });
    await ring.connectionOf(key('1'));
    secrets.set('secret-of-a', secret([key('2')]));
    state.now = 5 * minute - 1;
    expect(await ring.connectionOf(key('1'))).toBe('a');
    expect(state.loads).toBe(1);
    state.now = 5 * minute;
    expect(await ring.connectionOf(key('1'))).toBeUndefined();
    expect(await ring.connectionOf(key('2'))).toBe('a');
    expect(state.loads).toBe(2);
  });

  it('again for an unknown key, at most once in ten seconds', async () => {
    const { ring, state, secrets } = ringOver({ 'secret-of-a': secret([key('1')]) });
    await ring.connectionOf(key('1'));
    secrets.set('secret-of-a', secret([key('1'), key('2')]));
    state.now = 9_999;
    for (let guess = 0; guess < 20; guess += 1) expect(await ring.connectionOf(key('2'))).toBeUndefined();
    expect(state.loads).toBe(1);
    state.now = 10_000;
    expect(await ring.connectionOf(key('2'))).toBe('a');
    expect(state.loads).toBe(2);
  });

  it('again when the CRM refused the token, at most once in ten seconds', async () => {
    const { ring, state, secrets } = ringOver({ 'secret-of-a': secret([key('1')], 'old') });
    expect(await ring.credentials('a')).toEqual({ apiToken: 'old' });
    secrets.set('secret-of-a', secret([key('1')], 'new'));
    ring.doubt();
    state.now = 9_999;
    expect(await ring.credentials('a')).toEqual({ apiToken: 'old' });
    state.now = 10_000;
    expect(await ring.credentials('a')).toEqual({ apiToken: 'new' });
    expect(await ring.credentials('a')).toEqual({ apiToken: 'new' });
    expect(state.loads).toBe(2);
  });
});

describe('a secret that cannot be read', () => {
  it.each<[name: string, stored: string | Error | undefined, code: string]>([
    ['denied', new Error('AccessDenied'), 'aws_unavailable'],
    ['empty', undefined, 'crm_credentials_rejected'],
    ['no JSON', 'secret', 'crm_credentials_rejected'],
    ['another shape', '{"accessKey":"x"}', 'crm_credentials_rejected'],
    ['a short key', secret(['short']), 'crm_credentials_rejected'],
    ['no token', JSON.stringify({ accessKeys: [key('1')] }), 'crm_credentials_rejected'],
  ])('does not shut out the others: %s', async (_name, stored, code) => {
    const { ring, state } = ringOver({ 'secret-of-a': stored, 'secret-of-b': secret([key('3')]) });
    expect(await ring.connectionOf(key('3'))).toBe('b');
    expect(state.problems).toEqual([['a', expect.any(Error)]]);
    await expect(ring.credentials('a')).rejects.toThrow(expect.objectContaining({ code, retryable: true }));
  });

  it('leaves the last good copy in use', async () => {
    const { ring, state, secrets } = ringOver({
      'secret-of-a': secret([key('1')], 'kept'),
      'secret-of-b': secret([key('3')]),
    });
    await ring.connectionOf(key('1'));
    secrets.set('secret-of-a', new Error('Throttled'));
    secrets.set('secret-of-b', secret([key('4')]));
    state.now = 6 * minute;
    expect(await ring.connectionOf(key('1'))).toBe('a');
    expect(await ring.credentials('a')).toEqual({ apiToken: 'kept' });
    expect(await ring.connectionOf(key('3'))).toBeUndefined();
    expect(await ring.connectionOf(key('4'))).toBe('b');
    expect(state.problems).toHaveLength(1);
  });

  it('leaves the copy of its keys in use for an hour, and that of its token for longer', async () => {
    const { ring, state, secrets } = ringOver({
      'secret-of-a': secret([key('1')], 'kept'),
      'secret-of-b': secret([key('3')]),
    });
    await ring.connectionOf(key('1'));
    secrets.set('secret-of-a', new Error('Throttled'));
    for (let minutes = 4; minutes < 60; minutes += 4) {
      state.now = minutes * minute;
      expect(await ring.connectionOf(key('1'))).toBe('a');
    }
    state.now = 60 * minute - 1;
    expect(await ring.connectionOf(key('1'))).toBe('a');
    state.now = 60 * minute;
    const unavailable = expect.objectContaining({ code: 'unavailable' });
    await expect(ring.connectionOf(key('1'))).rejects.toThrow(unavailable);
    expect(await ring.connectionOf(key('3'))).toBe('b');
    expect(await ring.credentials('a')).toEqual({ apiToken: 'kept' });
    secrets.set('secret-of-a', secret([key('1')]));
    state.now += 1000;
    expect(await ring.connectionOf(key('1'))).toBe('a');
  });

  it('when its copy ends is read once for everybody who asks at the same time', async () => {
    const { ring, state, secrets } = ringOver({
      'secret-of-a': secret([key('1')]),
      'secret-of-b': secret([key('3')]),
    });
    await ring.connectionOf(key('1'));
    secrets.set('secret-of-a', new Error('down'));
    state.now = 58 * minute;
    await ring.connectionOf(key('3'));
    const loads = state.loads;
    state.now = 60 * minute;
    const asked = Array.from({ length: 20 }, () => ring.connectionOf(key('3')));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['b']));
    expect(state.loads).toBe(loads + 2);
  });

  it('without a copy tells nobody that a key is wrong, and is read again after a second', async () => {
    const { ring, state, secrets } = ringOver({
      'secret-of-a': new Error('down'),
      'secret-of-b': secret([key('3')]),
    });
    const unavailable = expect.objectContaining({ code: 'unavailable' });
    await expect(ring.connectionOf(key('1'))).rejects.toThrow(unavailable);
    expect(await ring.connectionOf(key('3'))).toBe('b');
    secrets.set('secret-of-a', secret([key('1')]));
    state.now += 999;
    await expect(ring.connectionOf(key('1'))).rejects.toThrow(unavailable);
    expect(state.loads).toBe(2);
    state.now += 1;
    expect(await ring.connectionOf(key('1'))).toBe('a');
    expect(await ring.connectionOf(key('9'))).toBeUndefined();
  });

  it('has no token of its own', async () => {
    const { ring } = ringOver({ 'secret-of-a': secret([key('1')], '') });
    await expect(ring.credentials('a')).rejects.toThrow(
      expect.objectContaining({ code: 'crm_credentials_rejected' }),
    );
    await expect(ring.credentials('unknown')).rejects.toThrow(
      expect.objectContaining({ code: 'crm_credentials_rejected' }),
    );
  });
});

describe('when no secret can be read', () => {
  it('nobody is told that a key is wrong, and the next webhook tries again', async () => {
    const { ring, state, secrets } = ringOver({ 'secret-of-a': new Error('down') });
    const unavailable = expect.objectContaining({ code: 'unavailable' });
    await expect(ring.connectionOf(key('1'))).rejects.toThrow(unavailable);
    await expect(ring.connectionOf(key('1'))).rejects.toThrow(unavailable);
    secrets.set('secret-of-a', secret([key('1')]));
    expect(await ring.connectionOf(key('1'))).toBe('a');
    expect(state.loads).toBe(3);
  });

  it('a read that is slow to fail does not spoil the next', async () => {
    const { ring, state, secrets } = ringOver({ 'secret-of-a': new Error('down') });
    const { promise, resolve } = Promise.withResolvers<void>();
    state.answers = promise;
    const slow = ring.connectionOf(key('1'));
    while (state.loads === 0) await Promise.resolve();
    secrets.set('secret-of-a', secret([key('1')]));
    state.now = 6 * minute;
    const next = ring.connectionOf(key('1'));
    resolve();
    await expect(slow).rejects.toThrow(expect.objectContaining({ code: 'unavailable' }));
    expect(await next).toBe('a');
  });

  it('two at once fail, and one good read mends both', async () => {
    const { ring, secrets } = ringOver({ 'secret-of-a': new Error('down') });
    const both = await Promise.allSettled([ring.connectionOf(key('1')), ring.connectionOf(key('1'))]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    secrets.set('secret-of-a', secret([key('1')]));
    expect(await Promise.all([ring.connectionOf(key('1')), ring.connectionOf(key('1'))])).toEqual(['a', 'a']);
  });
});
