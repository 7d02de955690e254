import { add } from '../actions/add.ts';
import type { ActionPorts } from '../actions/ports.ts';
import { update, updateTags } from '../actions/update.ts';
import { connectorOf } from '../crm/registry.ts';
import { UsherError } from '../errors.ts';
import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { createJobQueue } from '../jobs/job-queue.ts';
import { type Call, timed } from './invocation.ts';
import { crmFor, type OnBehalf, paceFor, type Services, usersFor } from './services.ts';

/**
 * The ports of an action, for one connection and one invocation.
 *
 * @throws UsherError `internal_error` for a connection that the configuration does not name
 */
export function portsFor(services: Services, connection: string, call: Call, whom: OnBehalf): ActionPorts {
  const settings = services.config.connections[connection];
  const pace = paceFor(services, connection, call, whom);
  const crm = crmFor(services, connection, call, pace);
  if (!settings || !crm) throw new UsherError('internal_error', 'This connection is not configured.');
  return {
    config: services.config,
    connection: settings,
    crm,
    users: { ...usersFor(services, call), alongside: pace.alongside },
    jobs: createJobQueue(timed(services.sqs, 'queue', call), services.queueUrl),
    random: services.random,
    now: services.now,
    sleep: (ms) => services.sleep(ms, call.signal),
  };
}

/** A contact's id in the one spelling its CRM has for it. */
export function spelled(request: ContactRequest, ports: ActionPorts): ContactRequest {
  if (request.contactId === undefined) return request;
  return {
    ...request,
    contactId: connectorOf(ports.connection.crm).contactId(request.contactId) ?? request.contactId,
  };
}

/** Runs `add`, `update` or `update_tags`, whether it came by HTTP or from the queue. */
export async function runAction(
  request: ContactRequest,
  services: Services,
  call: Call,
  whom: OnBehalf,
): Promise<Outcome> {
  const ports = portsFor(services, request.connection, call, whom);
  const { contactId, ...rest } = spelled(request, ports);
  switch (request.action) {
    case 'add':
      if (contactId === undefined)
        throw new UsherError('contact_id_missing', 'The webhook names no contact.');
      return add({ ...rest, contactId }, ports);
    case 'update':
      return update({ ...rest, contactId }, ports);
    case 'update_tags':
      return updateTags({ ...rest, contactId }, ports);
    case 'test':
      throw new UsherError('internal_error', 'A test is never queued.');
  }
}
