import { actionOf, expectOn } from '../actions/actions.ts';
import type { ActionPorts } from '../actions/ports.ts';
import { ContactNotFound } from '../crm/crm-errors.ts';
import { connectorOf } from '../crm/registry.ts';
import { UsherError } from '../errors.ts';
import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { createJobQueue } from '../jobs/job-queue.ts';
import { type Invocation, timed } from './invocation.ts';
import { crmFor, type OnBehalf, paceFor, type Services, usersFor } from './services.ts';

/**
 * The ports of an action, for one connection and one invocation.
 *
 * @throws UsherError `internal_error` for a connection that the configuration does not name
 */
export function portsFor(
  services: Services,
  connection: string,
  invocation: Invocation,
  whom: OnBehalf,
): ActionPorts {
  const settings = services.config.connections[connection];
  const pace = paceFor(services, connection, invocation, whom);
  const crm = crmFor(services, connection, invocation, pace);
  if (!settings || !crm) throw new UsherError('internal_error', 'This connection is not configured.');
  return {
    config: services.config,
    connection: settings,
    crm,
    users: { ...usersFor(services, invocation), alongside: pace.alongside },
    jobs: createJobQueue(timed(services.sqs, 'queue', invocation), services.queueUrl),
    random: services.random,
    now: services.now,
    sleep: (ms) => services.sleep(ms, invocation.signal),
  };
}

/**
 * The request with its contact's id: a webhook that names an address only leaves it to the CRM whose that is.
 *
 * @throws ContactNotFound
 */
export async function known(request: ContactRequest, ports: ActionPorts): Promise<ContactRequest> {
  const { contactId, contactEmail } = request;
  // Jobs of earlier releases have ids as they were sent.
  if (contactId !== undefined) {
    return { ...request, contactId: connectorOf(ports.connection.crm).contactId(contactId) ?? contactId };
  }
  if (contactEmail === undefined) return request;
  const contact = await ports.crm.loadByEmail(contactEmail);
  // An address is not there yet as an id is: an `add` looks again sooner.
  const isNew = actionOf(request.action).makesUsers === true;
  if (!contact) throw new ContactNotFound('address', { isNew });
  return { ...request, contactId: contact.id };
}

/** Carries out a request, whether it came by HTTP or from the queue. */
export async function runAction(
  request: ContactRequest,
  services: Services,
  invocation: Invocation,
  whom: OnBehalf,
): Promise<Outcome> {
  const action = actionOf(request.action);
  if (!('run' in action)) throw new UsherError('internal_error', 'A question is never queued.');
  const ports = portsFor(services, request.connection, invocation, whom);
  expectOn(request.action, ports.connection);
  return action.run(await known(request, ports), ports);
}
