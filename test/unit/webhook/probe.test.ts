import { describe, expect, it } from '@jest/globals';
import { type ConfigInput, defineConfig } from '../../../functions/config/define-config.ts';
import { startInvocation } from '../../../functions/runtime/invocation.ts';
import { gate } from '../../../functions/webhook/gate.ts';
import { lookup } from '../../../functions/webhook/parameters.ts';
import { readRequest } from '../../../functions/webhook/read-request.ts';
import type { WebhookContext, WebhookEvent } from '../../../functions/webhook/webhook-context.ts';
import { exampleInput } from '../example-config.ts';

const [probed, unprobed] = [{ probed: { crm: 'intercom' } }, { unprobed: { crm: 'encharge' } }] as const;

/** What becomes of a request without a body: `ok`, or the code of an error. */
async function sent(
  method: string,
  query: string,
  connection: string,
  connections: ConfigInput['connections'],
) {
  const config = defineConfig(exampleInput({ connections }));
  const parameters = new URLSearchParams(query);
  const payload = { kind: 'none' } as const;
  const context = {
    query: parameters,
    payload: () => Promise.resolve(payload),
    find: () => Promise.resolve(lookup(parameters, payload)),
    connection,
    waitedMs: 0,
    invocation: startInvocation(60_000),
    line: {},
  } as unknown as WebhookContext;
  const requestContext = { http: { method }, timeEpoch: Date.now() };
  const event = { rawPath: '/', headers: {}, requestContext, context } as unknown as WebhookEvent;
  try {
    for (const step of [gate(config), readRequest(config)]) await step.before?.({ event } as never);
    return context.idle;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('a CRM that tries the URL out', () => {
  it.each<[name: string, ...given: Parameters<typeof sent>, result: string]>([
    ['by a GET', 'GET', 'wpf_action=add', 'probed', probed, 'ok'],
    ['by a HEAD', 'HEAD', 'wpf_action=add', 'probed', probed, 'ok'],
    ['by a POST, which names nobody', 'POST', 'wpf_action=add', 'probed', probed, 'contact_id_missing'],
    ['by an OPTIONS', 'OPTIONS', 'wpf_action=add', 'probed', probed, 'method_not_allowed'],
  ])('%s', async (_name, method, query, connection, connections, result) => {
    expect(await sent(method, query, connection, connections)).toBe(result);
  });
});

describe('a HEAD that tries nothing out is refused', () => {
  const contact = 'contact_id=5ba682d23d7cf92bef87bfd4';
  it.each<[name: string, query: string, connection: string, connections: ConfigInput['connections']]>([
    ['it names a contact', `wpf_action=add&${contact}`, 'probed', probed],
    ['it asks for nobody', 'wpf_action=test', 'probed', probed],
    ['its CRM does not try URLs out', 'wpf_action=add', 'unprobed', { ...probed, ...unprobed }],
    ['no CRM of the configuration does', 'wpf_action=add', 'unprobed', unprobed],
  ])('%s', async (_name, query, connection, connections) => {
    expect(await sent('HEAD', query, connection, connections)).toBe('method_not_allowed');
  });
});
