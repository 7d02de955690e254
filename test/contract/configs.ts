import type { Config, Connection } from '../../functions/config/config.ts';
import config from '../../usher.config.ts';

/** The project's configuration, with the time that a busy machine may need. */
export const patient: Config = { ...config, responseBudgetMs: 25_000 };

/** With something changed on every connection. */
export function withConnections(change: (connection: Connection) => Connection): Config {
  const connections = Object.entries(config.connections).map(([name, connection]) => [
    name,
    change(connection),
  ]);
  return { ...patient, connections: Object.fromEntries(connections) };
}

/** Without generated passwords, for tests that look at other things: the CRM is then only read. */
export const withoutPasswords = withConnections(({ returnPassword: _none, ...connection }) => connection);
