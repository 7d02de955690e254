import { type Command, Option } from 'commander';
import { connectorOf } from '../../../functions/crm/registry.ts';
import { findByContact, findByEmail, findById } from '../../../functions/users/find.ts';
import type { User } from '../../../functions/users/user.ts';
import type { Deployment, DeploymentOptions } from './deployment.ts';
import { connectionOf } from './stored-secret.ts';
import { CommandError, WrongUsage } from './terminal.ts';

/** What names one user at the command line. */
export interface UserOptions extends DeploymentOptions {
  id?: string;
  email?: string;
  contact?: string;
  connection?: string;
  json?: boolean;
}

/** Adds the options that name one user. */
export function forUser(command: Command): Command {
  return command
    .addOption(new Option('--id <id>', 'by user id').conflicts(['email', 'contact']))
    .addOption(new Option('--email <address>', 'by e-mail address').conflicts(['id', 'contact']))
    .addOption(new Option('--contact <id>', "by the contact's id in the CRM").conflicts(['id', 'email']))
    .option('--connection <name>', 'the connection that --contact belongs to');
}

/** A contact's id as its CRM spells it, which is how the table has it. */
export function spelledContact(
  { config }: Pick<Deployment, 'config'>,
  connection: string,
  contactId: string,
): string {
  const crm = config.connections[connection]?.crm;
  return (crm && connectorOf(crm).contactId(contactId)) ?? contactId;
}

/**
 * The user that the options name.
 *
 * @throws WrongUsage when they name none, CommandError when there is no such user
 */
export async function findUser(deployment: Deployment, options: UserOptions): Promise<User> {
  const user = await find(deployment, options);
  if (user) return user;
  // Who was made by a connection of before is found all the same.
  if (options.connection !== undefined) connectionOf(deployment, options.connection);
  throw new CommandError('There is no such user.');
}

async function find(
  deployment: Deployment,
  { id, email, contact, connection }: UserOptions,
): Promise<User | undefined> {
  const { users } = deployment;
  if (id !== undefined) return findById(users, id);
  if (email !== undefined) return findByEmail(users, email);
  if (contact === undefined) {
    throw new WrongUsage('Say which user: --id, --email, or --contact with --connection.');
  }
  if (connection === undefined) throw new WrongUsage('--contact needs --connection.');
  return findByContact(users, connection, spelledContact(deployment, connection, contact));
}
