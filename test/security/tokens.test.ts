import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type CrmName, connectorOf, connectors } from '../../functions/crm/registry.ts';
import { readEnvironment } from '../../functions/runtime/environment.ts';

const names = Object.keys(connectors) as CrmName[];
const settings = { encharge: {}, userengage: { account: 'acme' } } satisfies Record<CrmName, object>;

describe('the API token of a CRM', () => {
  it.each(names)('%s: goes to https only, at the vendor', (name) => {
    const { protocol, port, username, password, hostname, pathname } = new URL(
      connectorOf(name).baseUrl(settings[name]),
    );
    expect([protocol, port, username, password]).toEqual(['https:', '', '', '']);
    expect(hostname).toMatch(/^(api\.encharge\.io|acme\.user\.com)$/);
    expect(pathname.endsWith('/')).toBe(true);
  });

  it.each(names)('%s: stands in a header, and in no URL or body', (name) => {
    const connector = connectorOf(name);
    const token = randomBytes(16).toString('hex');
    expect(JSON.stringify(connector.authenticate(token))).toContain(token);
    const requests = [
      connector.loadById('7'),
      connector.loadByEmail('ada@example.com'),
      connector.writeField('7', 'field', 'value'),
      connector.testCredentials(),
      connector.listFields(1),
    ];
    // Requests are made without it: a connector is not given the token anywhere else.
    for (const { path, query = {} } of requests) {
      expect(Object.keys(query)).not.toContain('token');
      expect(path).not.toMatch(/^[a-z+.-]+:|^[/\\]|[?#\\]|\.\./i);
    }
  });

  it.each([
    'http://api.encharge.io/v1/',
    'http://0.0.0.0:1/',
    'http://127.0.0.1@evil.example.com/',
    'http://127.0.0.1:80@evil.example.com/',
    'http://evil.example.com#@127.0.0.1/',
    'http://evil.example.com\\@127.0.0.1/',
    'http://[::ffff:7f00:1].evil.example.com/',
    'http://localhost@evil.example.com/',
    'http:evil.example.com',
    'ws://127.0.0.1/',
    'javascript:alert(1)//127.0.0.1',
  ])('is not sent to %s, whatever the environment says', (url) => {
    const variables = {
      USHER_TABLE: 't',
      USHER_QUEUE_URL: 'https://sqs.example.com/q',
      USHER_DEAD_LETTER_URL: 'https://sqs.example.com/dead',
      USHER_SECRETS: '{}',
      USHER_CRM_URLS: JSON.stringify({ encharge: url }),
    };
    expect(() => readEnvironment(variables)).toThrow('USHER_CRM_URLS.encharge');
  });
});
