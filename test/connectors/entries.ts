import type { Connector } from '../../functions/crm/connector.ts';
import { type CrmName, connectorOf } from '../../functions/crm/registry.ts';
import type { ConnectorEntry } from './connector-entry.ts';
import * as all from './crms.ts';

/** One entry per registered connector: a connector without one does not compile. */
export const entries: Record<CrmName, ConnectorEntry> = all;

/** The entries for `describe.each`. */
export const allEntries = Object.entries(entries) as [CrmName, ConnectorEntry][];

/** The connector of an entry and its API with the entry's first settings. */
export function account(
  crm: CrmName,
  { baseUrls: [first] }: ConnectorEntry,
): { connector: Connector; api: ReturnType<Connector['api']> } {
  const connector = connectorOf(crm);
  return { connector, api: connector.api(connector.settings.parse(first?.[0])) };
}
