import { describe, expect, it } from '@jest/globals';
import type { CrmRequest } from '../../functions/crm/connector.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { allEntries } from './entries.ts';

const email = 'ada+x@example.com';

describe.each(allEntries)('%s asks', (crm, entry) => {
  const connector = connectorOf(crm);
  const { loadById, loadByEmail, writeField, testCredentials } = entry.requests;

  it.each(loadById)('for the contact %s', (id, request) => {
    expect(connector.loadById(id)).toEqual(request);
  });
  it.each(loadByEmail)('for the contact with %s', (address, request) => {
    expect(connector.loadByEmail(address)).toEqual(request);
  });
  it.each(writeField)('%s to have %s: %s', (id, field, value, request) => {
    expect(connector.writeField(id, field, value)).toEqual(request);
  });
  it('whether the credentials are right', () => {
    expect(connector.testCredentials()).toEqual(testCredentials);
  });

  const id = entry.unknownId;
  const all: [name: string, request: CrmRequest][] = [
    ['a load', connector.loadById(id)],
    ['a search', connector.loadByEmail(email)],
    ['a write', connector.writeField(id, 'field', 'fake-password')],
    ['a test', connector.testCredentials()],
  ];

  it.each(all)('below its base URL, and names nobody in the log: %s', (_name, { path, template, method }) => {
    const base = new URL('https://crm.example.com/api/v1/');
    const url = new URL(path, base);
    expect(url.origin).toBe(base.origin);
    expect(url.pathname).toMatch(/^\/api\/v1\//);
    expect(template).not.toMatch(new RegExp(`${id}|ada|password=`));
    expect(['GET', 'POST', 'PUT']).toContain(method);
  });

  it.each(all.filter(([, { method }]) => method === 'GET'))(
    'without a body when it reads: %s',
    (_name, { body }) => {
      expect(body).toBeUndefined();
    },
  );

  it.each(entry.baseUrls)('%j at %s', (settings, baseUrl) => {
    const checked = connector.settings.parse(settings);
    expect(connector.baseUrl(checked)).toBe(baseUrl);
    expect(baseUrl).toMatch(/^https:\/\/.*\/$/);
  });

  it('with its token in headers', () => {
    expect(connector.authenticate('fake-token')).toEqual(entry.credentials);
  });
});
