import { setTimeout } from 'node:timers/promises';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Credentials } from '../../../functions/crm/connector.ts';
import { type CrmClient, createCrmClient } from '../../../functions/crm/crm-client.ts';
import { createMemory } from '../../../functions/crm/memory.ts';
import { connectorOf } from '../../../functions/crm/registry.ts';
import { createTransport } from '../../../functions/crm/transport.ts';
import { type ErrorCode, UsherError } from '../../../functions/errors.ts';
import { type SignInPorts, signedIn } from '../../../functions/runtime/signed-in.ts';
import type { Deployment } from './deployment.ts';
import { connectionOf, readSecret, secretIdOf } from './stored-secret.ts';
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

/** What fetching a token needs: a new one is stored, as the function would. */
function signInPorts(deployment: Deployment, name: string): SignInPorts {
  const { secrets, users } = deployment;
  return {
    keyRing: {
      credentials: async (connection) => (await readSecret(deployment, connection)).credentials,
      doubt: () => undefined,
    },
    secrets,
    now: users.now,
    table: users,
    connection: name,
    secretId: secretIdOf(deployment, name),
    sleep: (ms) => setTimeout(ms),
    // The lock ends by itself.
    onProblem: () => undefined,
  };
}

interface Opening {
  credentials: Credentials;
  /** Ends every call. */
  signal: AbortSignal;
  onCall?: () => void;
}

/** A client of the CRM of a connection, until it is closed. Outside of the connection's pace. */
export function openCrm(deployment: Deployment, name: string, { credentials, signal, onCall }: Opening) {
  const { crm, settings, fields } = connectionOf(deployment, name);
  const connector = connectorOf(crm);
  const api = connector.api(settings);
  const baseUrl = deployment.crmUrls[name] ?? api.baseUrl;
  const http = new NodeHttpHandler({ connectionTimeout: 2000 });
  const client: CrmClient = createCrmClient({
    connector,
    api,
    baseUrl,
    credentials: (fetchToken, rejected) =>
      fetchToken
        ? signedIn(signInPorts(deployment, name), fetchToken, rejected)
        : Promise.resolve(credentials),
    wanted: Object.values(fields).map(({ field }) => field),
    memory: createMemory(),
    transport: createTransport(http),
    signal,
    timeoutMs: callMs,
    now: deployment.users.now,
    sleep: async (ms, ending) => {
      await setTimeout(ms, undefined, { signal: ending });
    },
    ...(onCall ? { onCall } : {}),
  });
  return {
    client,
    /** What an error of the client's means to whoever looks after the connection. */
    explained: (error: UsherError) => explained(error, connector.title, new URL(baseUrl).host),
    close: () => http.destroy(),
  };
}

/**
 * Calls the CRM of a connection with its credentials. Where tokens end, those that are stored count.
 *
 * @throws CommandError saying in the CRM's name what is wrong
 */
export async function askCrm<Result>(
  deployment: Deployment,
  name: string,
  credentials: Credentials,
  ask: (crm: CrmClient) => Promise<Result>,
): Promise<Result> {
  const crm = openCrm(deployment, name, { credentials, signal: AbortSignal.timeout(allMs) });
  try {
    return await ask(crm.client);
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    throw new CommandError(crm.explained(error), { cause: error });
  } finally {
    crm.close();
  }
}
