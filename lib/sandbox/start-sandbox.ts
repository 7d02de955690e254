import { createServer, type ServerResponse } from 'node:http';
import type { CrmName } from '../../functions/crm/registry.ts';
import { listenOnLoopback, loopbackHost } from '../dev/loopback-server.ts';
import { Account } from './account.ts';
import { answerApiRequest } from './answer-api-request.ts';
import { jsonAnswer } from './api-answer.ts';
import { answerControlRequest, controlPath } from './control.ts';
import { createCrmApi } from './crm-api.ts';
import type { CrmDescription } from './crm-description.ts';
import { loadPeople, savePeople } from './data-file.ts';
import { descriptions } from './descriptions.ts';
import { Faults } from './faults.ts';
import { Limits } from './limits.ts';
import { PeopleStore } from './people-store.ts';
import { RequestLog } from './request-log.ts';
import type { Sandbox, SandboxPeople } from './sandbox.ts';
import { sendAnswer } from './send-answer.ts';
import { type Secrets, Session } from './sign-in.ts';
import { Webhooks } from './webhooks.ts';

export interface SandboxOptions {
  token: string;
  /** By the names of the connector's `secrets`, besides the token. */
  secrets?: Secrets;
  /** Keeps the people between runs: they are loaded from it, when it exists, and written to it on every change. */
  dataFile?: string | undefined;
  /** A free port when left out. */
  port?: number | undefined;
  /** The clock of limits and of tokens that end. */
  now?: () => Date;
  /** For a CRM that is not one of the project's. */
  description?: CrmDescription;
}

/**
 * Starts a loopback server that answers as the CRM's documented API does, with 25 fictional people in it.
 * Whatever nobody documents is a guess, so passing here is not proof for a live account.
 *
 * @throws {LocalStackError} when the port is taken, or {Error} when the data file cannot be read
 */
export async function startSandbox(crm: CrmName, options: SandboxOptions): Promise<Sandbox> {
  const { token, dataFile, now = () => new Date(), description = descriptions[crm] } = options;
  const people = openPeople(crm, description, dataFile);
  const account = new Account(people, description.fields);
  const session = new Session(description.signIn, { ...options.secrets, apiToken: token }, now);
  const limits = new Limits(description.limits ?? [], now);
  const api = createCrmApi({ description, account, session, limits });
  const [faults, requests, stop] = [new Faults(), new RequestLog(), new AbortController()];
  const webhooks = new Webhooks(
    { description, account, secret: options.secrets?.['webhookSecret'], now },
    stop.signal,
  );
  const { tagsAt } = description;

  const server = createServer((request, response) => {
    const answering = request.url?.startsWith(controlPath)
      ? answerControlRequest({ crm, people, faults, limits, requests, webhooks }, request, response)
      : answerApiRequest(
          { api, tagsAt, people, faults, requests, webhooks, stopping: stop.signal },
          request,
          response,
        );
    answering.catch((error: unknown) => giveUp(error, response));
  });
  // Idle connections stay open: one that closes just when a client takes it up again would look like a fault.
  server.keepAliveTimeout = 0;
  const port = await listenOnLoopback(server, options.port ?? 0, 'a sandbox');

  const origin = `http://${loopbackHost}:${port}`;
  return {
    crm,
    url: `${origin}${description.basePath}`,
    control: `${origin}${controlPath}`,
    token,
    people: copiesOf(people),
    faults,
    limits,
    requests,
    webhooks,
    stop() {
      stop.abort();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function openPeople(crm: CrmName, { idOf }: CrmDescription, dataFile: string | undefined): PeopleStore {
  if (dataFile === undefined) return new PeopleStore({ idOf });
  const saved = loadPeople(dataFile, crm);
  return new PeopleStore({ idOf, saved, save: (people) => savePeople(dataFile, crm, people) });
}

/** The store for those who must not be able to change what is in it by the way. */
function copiesOf(people: PeopleStore): SandboxPeople {
  return {
    get: (id) => structuredClone(people.get(id)),
    list: () => structuredClone([...people.all()]),
    put: (person) => structuredClone(people.put(structuredClone(person))),
    remove: (id) => people.remove(id),
    reset: () => people.reset(),
  };
}

/** Nobody is left to answer when the client or the sandbox has gone; anything else is a bug of the sandbox. */
function giveUp(error: unknown, response: ServerResponse): void {
  if (response.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  sendAnswer(response, jsonAnswer(500, { sandboxError: String(error) }));
}
