import type { Config } from '../../functions/config/config.ts';
import config from '../../usher.config.ts';
import { clearedWhenEmpty } from './clear-fields.ts';

type Connection = Config['connections'][string];

function clearing(connection: Connection): Connection {
  const field = connection.fields[clearedWhenEmpty];
  if (!field) throw new Error('The configuration has no such field.');
  return {
    ...connection,
    fields: { ...connection.fields, [clearedWhenEmpty]: { ...field, clearWhenEmpty: true } },
  };
}

/** The project's configuration, with a field that goes when it is empty. */
export const soakConfig: Config = {
  ...config,
  connections: Object.fromEntries(
    Object.entries(config.connections).map(([name, connection]) => [name, clearing(connection)]),
  ),
};
