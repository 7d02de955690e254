import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as z from 'zod';
import { createCrmClient } from '../../functions/crm/crm-client.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { createTransport } from '../../functions/crm/transport.ts';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../lib/sandbox/start-sandbox.ts';
import { allEntries } from './entries.ts';

describe.each(allEntries)('the fields of %s', (crm, { examples, requests, fieldLists, noFieldLists }) => {
  const connector = connectorOf(crm);

  it.each(requests.listFields)('are asked for, page %i', (page, request) => {
    expect(connector.listFields(page)).toEqual(request);
  });

  it.each(Object.entries(fieldLists))('are read: %s', (_name, [answer, names, hasMore]) => {
    const fields = connector.readFields(answer);
    expect(fields.names).toEqual(expect.arrayContaining([...names]));
    expect(fields.names.filter((name) => typeof name !== 'string')).toEqual([]);
    expect(fields.hasMore).toBe(hasMore);
  });

  it.each(Object.entries(noFieldLists))('are not: %s', (_name, answer) => {
    expect(() => connector.readFields(answer)).toThrow(z.ZodError);
  });

  describe('in its sandbox', () => {
    const handler = new NodeHttpHandler();
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await startSandbox(crm, { token: 'fake-token' });
    });
    afterAll(async () => {
      handler.destroy();
      await sandbox.stop();
    });

    it('are all that a contact is read with', async () => {
      const [example] = examples;
      if (!example) throw new Error('There is no example.');
      sandbox.people.put(example.sandbox);
      const client = createCrmClient({
        connector,
        baseUrl: sandbox.url.endsWith('/') ? sandbox.url : `${sandbox.url}/`,
        apiToken: () => Promise.resolve('fake-token'),
        transport: createTransport(handler),
        signal: new AbortController().signal,
        timeoutMs: 5000,
        now: () => new Date(),
        sleep: () => Promise.resolve(),
      });
      const names = await client.fieldNames();
      expect(Object.keys(example.contact.fields).filter((field) => !names.has(field))).toEqual([]);
    });
  });
});
