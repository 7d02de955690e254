import { createServer, type ServerResponse } from 'node:http';
import { listenOnLoopback, loopbackHost } from '../dev/loopback-server.ts';
import { type AccountOptions, openAccount } from './account.ts';
import { answerApiRequest } from './answer-api-request.ts';
import { answerControlRequest, controlPath } from './control.ts';
import { jsonAnswer } from './crm-api.ts';
import { Faults } from './faults.ts';
import { peopleAccess } from './people-access.ts';
import { RequestLog } from './request-log.ts';
import type { PersonOf, Sandbox, SandboxCrm } from './sandbox.ts';
import { sendAnswer } from './send-answer.ts';
import { Webhooks } from './webhooks.ts';

export interface SandboxOptions extends AccountOptions {
  /** A free port when left out. */
  port?: number | undefined;
}

/**
 * Starts a loopback server that answers as the CRM's documented API does, with 25 fictional people in it.
 *
 * `dataFile` keeps the people between runs: they are loaded from it, when it exists, and written to it on every change.
 * Whatever nobody documents (see the notes at each endpoint) is a guess, so passing here is not proof for a live
 * account.
 *
 * @throws {LocalStackError} when the port is taken, or {Error} when the data file cannot be read
 */
export async function startSandbox<C extends SandboxCrm>(
  crm: C,
  options: SandboxOptions,
): Promise<Sandbox<C>> {
  const { people, api } = openAccount(crm, options);
  const [faults, requests, stop] = [new Faults(), new RequestLog(), new AbortController()];
  const webhooks = new Webhooks(crm, stop.signal);
  const onChange = (person: PersonOf[C]) => webhooks.send(person);

  const server = createServer((request, response) => {
    const answering = request.url?.startsWith(controlPath)
      ? answerControlRequest({ crm, people, faults, requests, webhooks }, request, response)
      : answerApiRequest(
          { api, people, faults, requests, stopping: stop.signal, onChange },
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
    url: `${origin}${api.basePath}`,
    control: `${origin}${controlPath}`,
    token: options.token,
    people: peopleAccess(people),
    faults,
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

/** Nobody is left to answer when the client or the sandbox has gone; anything else is a bug of the sandbox. */
function giveUp(error: unknown, response: ServerResponse): void {
  if (response.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  sendAnswer(response, jsonAnswer(500, { sandboxError: String(error) }));
}
