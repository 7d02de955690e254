import type { Connector } from './connector.ts';
import * as connectors from './connectors.ts';

const all = { ...connectors };
export type CrmName = keyof typeof all;
/** What a connection of this CRM may set besides the common options. */
export type SettingsSchema<Crm extends CrmName> = (typeof all)[Crm]['settings'];

/** Every CRM that a connection can name. */
export const crmNames = Object.keys(all) as [CrmName, ...CrmName[]];

/** A connector whose settings were checked against its own schema, so that callers need not know them. */
export function connectorOf(crm: CrmName): Connector {
  return all[crm] as unknown as Connector;
}
