import type { CrmName } from '../../functions/crm/registry.ts';
import type { ConnectorEntry } from './connector-entry.ts';
import { encharge } from './encharge.ts';
import { userengage } from './userengage.ts';

/** One entry per registered connector: a connector without one does not compile. */
export const entries: { [Crm in CrmName]: ConnectorEntry<Crm> } = { encharge, userengage };

/** The entries for `describe.each`. */
export const allEntries = Object.entries(entries) as [CrmName, ConnectorEntry][];
