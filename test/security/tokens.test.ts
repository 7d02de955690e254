import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { CrmRequest } from '../../functions/crm/conversation.ts';
import { path } from '../../functions/crm/path.ts';
import { readEnvironment } from '../../functions/runtime/environment.ts';
import { account, allEntries } from '../connectors/entries.ts';
import { firstRequest } from '../connectors/talk.ts';

describe('the API token of a CRM', () => {
  it.each(allEntries)('%s: goes to https only, at the vendor', (crm, entry) => {
    const { baseUrl } = account(crm, entry).api;
    const { protocol, port, username, password, hostname, pathname } = new URL(baseUrl);
    expect([protocol, port, username, password]).toEqual(['https:', '', '', '']);
    expect(hostname).toMatch(/^(api\.encharge\.io|acme\.user\.com)$/);
    expect(pathname.endsWith('/')).toBe(true);
  });

  it.each(allEntries)('%s: stands in a header, and in no URL or body', (crm, entry) => {
    const { api } = account(crm, entry);
    const token = randomBytes(16).toString('hex');
    const expectInHeaderOnly = (request: CrmRequest) => {
      const { headers, ...others } = api.authorise(request, { ...entry.credentials, apiToken: token });
      expect(JSON.stringify(headers)).toContain(token);
      expect(others).toEqual(request);
    };
    expectInHeaderOnly({ method: 'POST', path: path`x`, query: { a: 'b' }, body: { json: {} } });
    const requests = [
      api.load({ id: '7' }, []),
      api.load({ email: 'ada@example.com' }, []),
      api.write('7', 'field', 'value'),
      api.check(),
      api.fields(),
    ].map((conversation) => firstRequest(conversation));
    // Requests are made without it: a connector is not given the token anywhere else.
    for (const request of requests) {
      expectInHeaderOnly(request);
      expect([...new URLSearchParams(request.query).keys()]).not.toContain('token');
      expect(request.path.text).not.toMatch(/^[a-z+.-]+:|^[/\\]|[?#\\]|\.\./i);
      expect(request.baseUrl).toBeUndefined();
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
