import { describe, expect, it } from '@jest/globals';
import { defineConfig } from '../../../functions/config/define-config.ts';
import { userengage } from '../../../functions/crm/connectors/userengage.ts';
import { exampleInput } from '../example-config.ts';
import { problemsOfConnection } from './config-problems.ts';

describe('a UserEngage account', () => {
  const baseUrlOf = (account: string) => {
    const { connections } = defineConfig(
      exampleInput({ connections: { main: { crm: 'userengage', account } } }),
    );
    return userengage.api(connections['main']?.settings as { account: string }).baseUrl;
  };

  it.each([
    ['acme', 'acme.user.com'],
    ['ACME', 'acme.user.com'],
    ['acme-2', 'acme-2.user.com'],
    ['acme.user.com', 'acme.user.com'],
    ['Acme.User.Com', 'acme.user.com'],
    ['app.userengage.com', 'app.userengage.com'],
    ['eu.acme.user.com', 'eu.acme.user.com'],
  ])('%s is at %s', (account, host) => {
    expect(baseUrlOf(account)).toBe(`https://${host}/api/public/`);
  });

  it.each([
    '',
    '.',
    'user.com',
    '.user.com',
    'evil.com',
    'evil.com/.user.com',
    'evil.com#.user.com',
    'evil.com?.user.com',
    'evil.com\\.user.com',
    'evil.com@x.user.com',
    'x@evil.com',
    'user.com.evil.com',
    'evil-user.com',
    'eviluser.com',
    'acme.user.com.',
    'acme.user.com:8080',
    'acme.user.com/api',
    'acme..user.com',
    '-acme',
    'acme-',
    'acme.user.com\n',
    'acme user',
    'acme%2eevil',
    '127.0.0.1',
    'localhost:3000',
    '[::1]',
    '169.254.169.254',
    'https://acme.user.com',
    '\u0430cme',
    'acme\u3002user.com',
    '\uFF41cme',
    'ACME\u0130',
    'a'.repeat(64),
  ])('cannot be %j', (account) => {
    expect(problemsOfConnection({ crm: 'userengage', account })).toEqual([
      'connections.main.account: must be a subdomain of user.com or a host under user.com or userengage.com',
    ]);
  });

  it.each(['localhost', 'internal', 'metadata'])('%s is but a subdomain', (account) => {
    expect(baseUrlOf(account)).toBe(`https://${account}.user.com/api/public/`);
  });
});
