import { setTimeout } from 'node:timers/promises';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Credentials } from '../../../functions/crm/connector.ts';
import { type CrmClient, createCrmClient } from '../../../functions/crm/crm-client.ts';
import { createMemory } from '../../../functions/crm/memory.ts';
import { connectorOf } from '../../../functions/crm/registry.ts';
import { createTransport } from '../../../functions/crm/transport.ts';
import { type ErrorCode, UsherError } from '../../../functions/errors.ts';
import type { Deployment } from './deployment.ts';
import { connectionOf } from './stored-secret.ts';
import { CommandError } from './terminal.ts';

/** How long a call of the CRM, and all of them together, may take, in milliseconds. */
const [callMs, allMs] = [10_000, 30_000];

/** What the CRM's refusal means to whoever looks after the connection. */
function explained({ code }: UsherError, title: string, host: string): string {
  const texts: Partial<Record<ErrorCode, string>> = {
    crm_credentials_rejected: `${title} rejects the API token.`,
    crm_rate_limited: `${title} limits calls right now. Try again in a minute.`,
    crm_unavailable: `${title} does not answer at ${host}.`,
  };
  const other = `${host} does not answer as the API of ${title} does. Check the connection's settings in usher.config.ts.`;
  return texts[code] ?? other;
}

/**
 * Calls the CRM of a connection with a token.
 *
 * @throws CommandError saying in the CRM's name what is wrong
 */
export async function askCrm<Result>(
  deployment: Deployment,
  name: string,
  credentials: Credentials,
  ask: (crm: CrmClient) => Promise<Result>,
): Promise<Result> {
  const { crm, settings, fields } = connectionOf(deployment, name);
  const connector = connectorOf(crm);
  const api = connector.api(settings);
  const baseUrl = deployment.crmUrls[name] ?? api.baseUrl;
  const http = new NodeHttpHandler({ connectionTimeout: 2000 });
  try {
    return await ask(
      createCrmClient({
        connector,
        api,
        baseUrl,
        credentials: () => Promise.resolve(credentials),
        wanted: Object.values(fields).map(({ field }) => field),
        memory: createMemory(),
        transport: createTransport(http),
        signal: AbortSignal.timeout(allMs),
        timeoutMs: callMs,
        now: deployment.users.now,
        sleep: async (ms, signal) => {
          await setTimeout(ms, undefined, { signal });
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    throw new CommandError(explained(error, connector.title, new URL(baseUrl).host), { cause: error });
  } finally {
    http.destroy();
  }
}
