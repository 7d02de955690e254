import type { Config } from '../../functions/config/config.ts';
import { connectorOf } from '../../functions/crm/registry.ts';

/** Connections whose CRM's tokens end: the function stores new ones in their secrets. */
export function connectionsThatSignIn({ connections }: Config): string[] {
  const signsIn = ({ crm, settings }: Config['connections'][string]) => connectorOf(crm).api(settings).signIn;
  return Object.entries(connections)
    .filter(([, connection]) => signsIn(connection))
    .map(([name]) => name);
}
