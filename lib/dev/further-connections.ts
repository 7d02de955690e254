import type { Config } from '../../functions/config/config.ts';
import { connection } from '../../functions/config/connection-schema.ts';
import type { CrmName } from '../../functions/crm/registry.ts';
import { descriptions } from '../sandbox/descriptions.ts';
import { crmName } from '../sandbox/field-words.ts';

/** Connections by their names. */
type Further = Readonly<Record<string, CrmName>>;

/** A connection for each of these CRMs, called as the CRM is. A name that is taken gets a number. */
export function furtherConnections({ connections }: Config, crms: readonly CrmName[]): Further {
  const nameOf = (crm: CrmName) => (Object.hasOwn(connections, crm) ? `${crm}-2` : crm);
  return Object.fromEntries(crms.map((crm) => [nameOf(crm), crm]));
}

/** What an operator calls the field for returned passwords that the account of every sandbox has. */
export function passwordField(crm: CrmName): string {
  const { passwordField: named, fields } = descriptions[crm];
  return named ?? crmName('wp_password', fields);
}

/** A configuration with these connections besides its own: with the settings that the CRM's sandbox plays, and returned passwords. */
export function withConnections(config: Config, further: Further): Config {
  const added = Object.entries(further).map(([name, crm]) => {
    const { settings } = descriptions[crm];
    const returnPassword = { field: passwordField(crm) };
    return [name, connection.parse({ crm, ...settings, returnPassword })] as const;
  });
  return { ...config, connections: { ...config.connections, ...Object.fromEntries(added) } };
}
