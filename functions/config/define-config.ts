import type * as z from 'zod';
import type { FieldType } from '../crm/connector.ts';
import type { CrmName, SettingsSchema } from '../crm/registry.ts';
import { type Config, configSchema } from './config.ts';

interface ConnectionOptions {
  returnPassword?: { field: string };
  linkByEmail?: boolean;
  deleteWhen?: string;
  fields?: Record<string, string | false | { field: string; type?: FieldType; clearWhenEmpty?: boolean }>;
}

/** One CRM account: its CRM's own settings and what every connection may set. */
type ConnectionInput = {
  [Crm in CrmName]: { crm: Crm } & z.input<SettingsSchema<Crm>> & ConnectionOptions;
}[CrmName];

/** What an operator writes in `usher.config.ts`. docs/configuration.md goes through it option by option. */
export type ConfigInput = Omit<z.input<typeof configSchema>, 'connections'> & {
  connections: Record<string, ConnectionInput>;
};

/** The configuration has mistakes; the message lists all of them, by place, without values. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Checks a configuration and fills in the defaults.
 *
 * @throws ConfigError naming every problem at once
 */
export function defineConfig(input: ConfigInput): Config {
  const checked = configSchema.safeParse(input);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(
    ({ path, message }) => `  ${path.join('.') || '(top)'}: ${message}`,
  );
  throw new ConfigError(`usher.config.ts has ${problems.length} problem(s):\n${problems.join('\n')}`);
}
