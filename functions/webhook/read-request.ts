import type { Config } from '../config/config.ts';
import { connectorOf } from '../crm/registry.ts';
import { UsherError } from '../errors.ts';
import { type NamedContacts, namedContacts } from './contact-ids.ts';
import type { Exchange, Step } from './exchange.ts';
import { readParameters } from './parameters.ts';

function contacts(exchange: Exchange, config: Config): NamedContacts {
  const { contactId } = exchange.parameters;
  if (contactId !== undefined) return { ids: [contactId], places: [], isBatch: false, withoutId: 0 };
  const connection = config.connections[exchange.connection];
  if (!connection) return { ids: [], places: [], isBatch: false, withoutId: 0 };
  return namedContacts(exchange.payload(), connectorOf(connection.crm).contactPaths);
}

/** What a marketer has to do in this CRM so that its webhooks name their contact. */
function missing(config: Config, connection: string): UsherError {
  const crm = config.connections[connection]?.crm;
  const [path = []] = crm ? connectorOf(crm).contactPaths : [];
  const title = crm ? connectorOf(crm).title : 'The CRM';
  return new UsherError(
    'contact_id_missing',
    `The webhook names no contact. ${title} should send it in the JSON body as ${path.join('.')}; or add &contact_id=… to the URL.`,
  );
}

/** Reads the parameters and the contacts: what is asked for, of whom. */
export function readRequest(config: Config): Step {
  return {
    before({ event: { exchange } }) {
      const parameters = readParameters(exchange.query, exchange.find());
      exchange.parameters = parameters;
      exchange.line.action = parameters.action;
      const found = contacts(exchange, config);
      exchange.contacts = found;
      const [only] = found.ids;
      if (found.ids.length === 1) exchange.line.contactId = only;

      const isByEmail = parameters.email !== undefined && parameters.action.startsWith('update');
      const canGoWithout = parameters.action === 'test' || (isByEmail && !found.isBatch);
      if (only === undefined && !canGoWithout) throw missing(config, exchange.connection);
    },
  };
}
