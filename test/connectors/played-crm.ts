import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Connector } from '../../functions/crm/connector.ts';
import type { FetchToken } from '../../functions/crm/crm-call.ts';
import { type CrmClient, createCrmClient } from '../../functions/crm/crm-client.ts';
import { createMemory } from '../../functions/crm/memory.ts';
import type { CrmName } from '../../functions/crm/registry.ts';
import { createTransport, type Transport } from '../../functions/crm/transport.ts';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import { type SandboxOptions, startSandbox } from '../../lib/sandbox/start-sandbox.ts';
import type { ConnectorEntry } from './connector-entry.ts';
import { account } from './entries.ts';

/** What the sandboxes take for the account's API token. */
const token = 'fake-token';

interface ClientOptions {
  /** Instead of the entry's own. */
  credentials?: Readonly<Record<string, string>>;
  /** Sent besides those of the connector. */
  headers?: Readonly<Record<string, string>>;
  transport: Transport;
  baseUrl: string;
}

/** All that is looked at: some CRMs give only what they are asked for. */
const wantedOf = ({ defaultFields }: Connector, { examples, writable }: ConnectorEntry): string[] => [
  ...Object.values(defaultFields).map(({ field }) => field),
  ...examples.flatMap(({ contact }) => Object.keys(contact.fields)),
  ...writable,
];

/** The CRM client with an entry's connector, settings and credentials. */
export function entryClient(crm: CrmName, entry: ConnectorEntry, options: ClientOptions): CrmClient {
  const { connector, api } = account(crm, entry);
  const { credentials: given, headers, transport, baseUrl } = options;
  const known = { ...entry.credentials, apiToken: token, ...given };
  return createCrmClient({
    connector,
    api: {
      ...api,
      authorise(request, credentials) {
        const authorised = api.authorise(request, credentials);
        return { ...authorised, headers: { ...authorised.headers, ...headers } };
      },
    },
    baseUrl,
    credentials: async (fetchToken?: FetchToken) =>
      fetchToken ? { ...known, accessToken: (await fetchToken(known)).accessToken } : known,
    wanted: wantedOf(connector, entry),
    memory: createMemory(),
    transport,
    signal: new AbortController().signal,
    timeoutMs: 5000,
    now: () => new Date(),
    sleep: () => Promise.resolve(),
  });
}

/** A CRM's sandbox for the tests of a `describe`, as new before each of them. */
export interface PlayedCrm {
  readonly sandbox: Sandbox;
  /** @param change what becomes of the way to the sandbox */
  client(
    options?: Pick<ClientOptions, 'credentials' | 'headers'>,
    change?: (transport: Transport) => Transport,
  ): CrmClient;
}

/** Starts a CRM's sandbox before the tests of a `describe`, and stops it after them. */
export function playedCrm(
  crm: CrmName,
  entry: ConnectorEntry,
  options: Partial<SandboxOptions> = {},
): PlayedCrm {
  const handler = new NodeHttpHandler();
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(crm, { token, secrets: entry.credentials, ...options });
  });
  beforeEach(() => {
    sandbox.people.reset();
    sandbox.faults.clear();
  });
  afterAll(async () => {
    await sandbox.stop();
    handler.destroy();
  });
  return {
    get sandbox() {
      return sandbox;
    },
    client: (asked = {}, change = (transport) => transport) =>
      entryClient(crm, entry, {
        ...asked,
        transport: change(createTransport(handler)),
        baseUrl: sandbox.url.endsWith('/') ? sandbox.url : `${sandbox.url}/`,
      }),
  };
}
