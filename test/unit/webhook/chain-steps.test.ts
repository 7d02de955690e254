import { describe, expect, it } from '@jest/globals';
import { defineConfig } from '../../../functions/config/define-config.ts';
import { startInvocation } from '../../../functions/runtime/invocation.ts';
import { authenticate } from '../../../functions/webhook/authenticate.ts';
import { lookup } from '../../../functions/webhook/parameters.ts';
import { readRequest } from '../../../functions/webhook/read-request.ts';
import type { Step, WebhookContext, WebhookEvent } from '../../../functions/webhook/webhook-context.ts';
import { exampleInput } from '../example-config.ts';

/** Runs one step of the chain on an exchange of which only this is known. */
async function run(step: Step, known: Partial<WebhookContext>, headers: Record<string, string> = {}) {
  const invocation = startInvocation(60_000);
  const context = {
    invocation: invocation,
    query: new URLSearchParams(),
    line: {
      kind: 'webhook',
      action: 'none',
      connection: 'none',
      result: 'failed',
      requestId: 'r1',
      invocation: invocation,
    },
    ...known,
  } as WebhookContext;
  const requestContext = { http: { method: 'POST' }, timeEpoch: Date.now() };
  const event = { headers, requestContext, context: context } as unknown as WebhookEvent;
  await step.before?.({ event } as never);
  return context;
}

describe('the search for an access key', () => {
  const keyRing = {
    connectionOf: (key: string) => Promise.resolve(key === 'right' ? 'encharge' : undefined),
    credentials: () => Promise.resolve({ apiToken: 'fake-token' }),
    webhookSecret: () => Promise.resolve(undefined),
    doubt: () => undefined,
  };

  it('does not hide a bug in the reading of the body', async () => {
    const find = () => {
      throw new TypeError('bug');
    };
    await expect(run(authenticate(keyRing), { find })).rejects.toThrow('bug');
  });

  it('does not read the body when a header has the key', async () => {
    const find = () => {
      throw new TypeError('read');
    };
    const context = await run(authenticate(keyRing), { find }, { authorization: 'bearer  right' });
    expect(context).toMatchObject({ connection: 'encharge', line: { connection: 'encharge' } });
  });
});

describe('a webhook of a connection that is not configured any more', () => {
  it('names no contact', async () => {
    const query = new URLSearchParams('wpf_action=add');
    const payload = { kind: 'json', value: { id: 'c1' } } as const;
    const known = {
      query,
      payload: () => Promise.resolve(payload),
      find: () => Promise.resolve(lookup(query, payload)),
      connection: 'gone',
    };
    await expect(run(readRequest(defineConfig(exampleInput())), known)).rejects.toThrow(
      expect.objectContaining({ code: 'contact_id_missing' }),
    );
  });
});
