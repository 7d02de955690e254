import type { Connector } from './connector.ts';
import { encharge } from './connectors/encharge.ts';
import { userengage } from './connectors/userengage.ts';

/** Every CRM that a connection can name. */
export const connectors = { encharge, userengage } as const;
export type CrmName = keyof typeof connectors;

/** A connector whose settings were checked against its own schema, so that callers need not know them. */
export function connectorOf(crm: CrmName): Connector {
  return connectors[crm] as unknown as Connector;
}
