import { describe, expect, it } from '@jest/globals';
import { readConnectionSecret } from '../../../functions/runtime/connection-secret.ts';

const key = (letter: string) => letter.repeat(43);
const read = (secret: object) => readConnectionSecret(JSON.stringify(secret));

describe('the secret of a connection', () => {
  it('is read as CloudFormation makes it: one key, and no token yet', () => {
    expect(read({ apiToken: '', accessKey: key('1') })).toEqual({
      accessKeys: [key('1')],
      credentials: { apiToken: '' },
    });
  });

  it('is read as operators keep it', () => {
    expect(read({ accessKeys: [key('1'), key('2')], apiToken: 'token' })).toEqual({
      accessKeys: [key('1'), key('2')],
      credentials: { apiToken: 'token' },
    });
  });

  it('may hold further credentials, by the names of the connector', () => {
    const more = { apiToken: 'token', apiUser: ' user\n', webhookSecret: 'secret', note: 7, old: null };
    expect(read({ accessKeys: [key('1')], accessKey: key('2'), ...more })).toEqual({
      accessKeys: [key('1')],
      credentials: { apiToken: 'token', apiUser: 'user', webhookSecret: 'secret' },
    });
  });

  it.each([
    [
      'an empty key of the first deployment',
      { accessKeys: [key('1')], accessKey: '', apiToken: 'x' },
      undefined,
    ],
    [
      'what signs webhooks in any alphabet',
      { accessKeys: [], apiToken: '', webhookSecret: ' schlüssel ' },
      'schlüssel',
    ],
    ['what signs webhooks as a number', { accessKeys: [], apiToken: '', webhookSecret: 7 }, '7'],
    ['what signs webhooks, and is empty', { accessKeys: [], apiToken: '', webhookSecret: '' }, ''],
  ])('may hold %s', (_name, secret, webhookSecret) => {
    expect(read(secret).credentials['webhookSecret']).toBe(webhookSecret);
  });

  it('does not bring the generated key back once keys are listed', () => {
    expect(read({ accessKey: key('1'), accessKeys: [key('2')], apiToken: '' }).accessKeys).toEqual([
      key('2'),
    ]);
    expect(read({ accessKey: key('1'), accessKeys: [], apiToken: '' }).accessKeys).toEqual([]);
  });

  it.each([
    [' pasted\n', 'pasted'],
    ['two\nlines', ''],
    ['dotted ı', ''],
    ['\u0000', ''],
  ])('has of the token %j what a header can hold', (apiToken, usable) => {
    expect(read({ accessKeys: [` ${key('1')}\n`], apiToken })).toEqual({
      accessKeys: [key('1')],
      credentials: { apiToken: usable },
    });
  });

  it.each<[what: string, secret: object]>([
    [
      'a listed key is too short, whatever was generated',
      { accessKey: key('1'), accessKeys: ['x'], apiToken: '' },
    ],
    ['the keys are no list, whatever was generated', { accessKey: key('1'), accessKeys: null, apiToken: '' }],
    ['the generated key is too short', { accessKey: 'short', apiToken: '' }],
    ['there is no key', { apiToken: '' }],
    ['there is no place for a token', { accessKey: key('1') }],
  ])('is unreadable when %s', (_what, secret) => {
    expect(() => read(secret)).toThrow();
  });
});
