import { describe, expect, it } from '@jest/globals';
import { accountHost, siteUrl } from '../../../functions/crm/host.ts';

describe('where a CRM stands', () => {
  it.each([
    ['https://crm.example.com', 'https://crm.example.com'],
    ['https://crm.example.com/', 'https://crm.example.com'],
    [' https://CRM.Example.com/mautic// ', 'https://crm.example.com/mautic'],
    ['https://crm.example.com:8443/a/../b', 'https://crm.example.com:8443/b'],
    ['https://crm.example.com:443', 'https://crm.example.com'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://internal.example.com', 'https://internal.example.com'],
    ['https://10.example.com', 'https://10.example.com'],
  ])('is %j, which is %j', (given, url) => {
    expect(siteUrl.parse(given)).toBe(url);
    expect(siteUrl.parse(url)).toBe(url);
  });

  it.each([
    ['no URL', ['', 'crm.example.com', 'https://', '//crm.example.com', 'https://a b.example.com']],
    ['no https', ['http://crm.example.com', 'ftp://crm.example.com', 'javascript:alert(1)', 'file:///x']],
    ['credentials', ['https://ada:fake@crm.example.com', 'https://ada@crm.example.com']],
    ['a query', ['https://crm.example.com/?rest_route=/', 'https://crm.example.com/#x']],
    [
      'an address, however it is spelled',
      [
        ...['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1', '0x7f.1', '2130706433', '0177.0.0.1'],
        ...['203.0.113.7', '[::1]', '[fd00::1]', '[::ffff:10.0.0.1]', '１２７.0.0.1'],
      ].map((host) => `https://${host}/`),
    ],
    [
      'a name of an inner network',
      [
        'localhost',
        'LOCALHOST.',
        'crm',
        'crm.local',
        'x.localhost',
        'metadata.google.internal',
        'a.home.arpa',
      ].map((host) => `https://${host}`),
    ],
  ])('is refused with %s', (_name, urls) => {
    expect(urls.filter((url) => siteUrl.safeParse(url).success)).toEqual([]);
  });

  it('is refused without being repeated', () => {
    const { error } = siteUrl.safeParse('https://ada:fake-password@crm.example.com');
    expect(error?.message).not.toContain('fake-password');
  });
});

describe('the host of an account', () => {
  const host = accountHost('acme-crm.com', 'acme.example');

  it.each([
    ['ada', 'ada.acme-crm.com'],
    ['Ada.Acme-CRM.com', 'ada.acme-crm.com'],
    ['eu.ada.acme.example', 'eu.ada.acme.example'],
  ])('is %j, which is %j', (given, whole) => {
    expect(host.parse(given)).toBe(whole);
    expect(host.parse(whole)).toBe(whole);
  });

  it.each([
    ...['', '.', '..', 'acme-crm.com', 'ada.example.com', 'ada.acme-crm.com.example.com', 'adaacme-crm.com.'],
    ...[
      'ada/x',
      'ada?x',
      'ada#',
      'ada@x',
      'ada:443',
      'ada.acme-crm.com/x',
      'ada@x.acme-crm.com',
      '-ada',
      'a b',
    ],
    ...['ada.acmexcrm.com', '.acme-crm.com', 'ada..acme-crm.com', 'münchen', 'ada\n'],
  ])('is not %j', (given) => {
    expect(host.safeParse(given).success).toBe(false);
  });
});
