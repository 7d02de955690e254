import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { CrmRequest } from '../../functions/crm/conversation.ts';
import { path } from '../../functions/crm/path.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { account, allEntries } from './entries.ts';
import { firstRequest, line, talk } from './talk.ts';

const email = 'ada+x@example.com';

describe.each(allEntries)('%s asks', (crm, entry) => {
  const { connector, api } = account(crm, entry);

  it.each(Object.entries(entry.loads))('for the contact %s', (id, request) => {
    expect(line(firstRequest(api.load({ id }, [])))).toBe(request);
  });
  it.each(Object.entries(entry.finds))('for the contact with %s', (address, request) => {
    expect(line(firstRequest(api.load({ email: address }, [])))).toBe(request);
  });
  it.each(entry.writes)('$id to have $field: $value', ({ id, field, value, answers, requests }) => {
    expect(talk(api.write(id, field, value), answers).requests.map(line)).toEqual(requests);
  });
  it('whether the credentials are right', () => {
    expect(line(firstRequest(api.check()))).toBe(entry.check);
  });
  it.each(Object.entries(entry.fieldLists))('for fields: %s', (_name, [answers, , requests]) => {
    expect(talk(api.fields(), answers).requests.map(line)).toEqual(requests);
    // And comes to an end, even if the CRM says that there are always more; what is no answer to a further question ends it, too.
    const forever = () => talk(api.fields(), Array(100).fill(answers[0])).requests.length;
    try {
      expect(forever()).toBeLessThanOrEqual(50);
    } catch (error) {
      if (!(error instanceof z.core.$ZodError)) throw error;
    }
  });

  const id = entry.unknownId;
  const all: [name: string, request: CrmRequest][] = [
    ['a load', firstRequest(api.load({ id }, []))],
    ['a search', firstRequest(api.load({ email }, []))],
    ['a write', firstRequest(api.write(id, 'field', 'fake-password'))],
    ['a check', firstRequest(api.check())],
  ];

  it.each(all)('below its base URL, and names nobody in the log: %s', (_name, request) => {
    const base = new URL('https://crm.example.com/api/v1/');
    const url = new URL(request.path.text, base);
    expect(url.origin).toBe(base.origin);
    expect(url.pathname).toMatch(/^\/api\/v1\//);
    expect(request.path.template).not.toMatch(new RegExp(`${id}|ada|password=`));
  });

  it.each(all.filter(([, { method }]) => method === 'GET'))(
    'without a body when it reads: %s',
    (_name, { body }) => {
      expect(body).toBeUndefined();
    },
  );

  it.each(entry.baseUrls)('%j at %s', (settings, baseUrl) => {
    const { settings: schema, api: open } = connectorOf(crm);
    expect(open(schema.parse(settings)).baseUrl).toBe(baseUrl);
    expect(baseUrl).toMatch(/^https:\/\/.*\/$/);
  });

  it('with its credentials, which change nothing else and stand nowhere before', () => {
    const { headers, query } = api.authorise({ method: 'GET', path: path`x` }, entry.credentials);
    expect({ headers, query }).toEqual({ headers: undefined, query: undefined, ...entry.authorised });
    const post: CrmRequest = { method: 'POST', path: path`x`, query: { a: 'b' }, body: { json: {} } };
    const { headers: _headers, query: given, ...others } = api.authorise(post, entry.credentials);
    expect({ ...others, query: given }).toEqual({
      ...post,
      query: { ...post.query, ...entry.authorised.query },
    });
    for (const secret of Object.values(entry.credentials)) {
      expect(JSON.stringify(all)).not.toContain(secret);
    }
    expect(Object.keys(connector.secrets)).toEqual(Object.keys(entry.credentials));
  });
});
