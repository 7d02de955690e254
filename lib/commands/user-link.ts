import { type Command, Option } from 'commander';
import { connectorOf } from '../../functions/crm/registry.ts';
import { linkedUserId } from '../../functions/users/find.ts';
import { unlinked } from '../../functions/users/unlink.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserChange } from '../../functions/users/user-change.ts';
import { type ChangeOptions, changeUser, forChange, type Plan } from './support/change-user.ts';
import { forUser } from './support/find-user.ts';
import { connectionOf } from './support/stored-secret.ts';
import { CommandError, printable, type Terminal, WrongUsage } from './support/terminal.ts';

type LinkOptions = ChangeOptions & { connection: string; contact: string };

/** What the contact before said of its address says nothing of this one's. */
function forgotten({ pulled }: User, connection: string): UserChange {
  if (!pulled || !Object.hasOwn(pulled, connection)) return {};
  const kept = Object.entries(pulled).filter(([name]) => name !== connection);
  return { pulled: Object.fromEntries(kept) };
}

const linkPlan =
  ({ connection, contact }: LinkOptions): Plan =>
  async (user, deployment) => {
    const { crm } = connectionOf(deployment, connection);
    const contactId = connectorOf(crm).contactId(contact);
    if (contactId === undefined) throw new CommandError(`--contact is no id of ${crm}.`);
    const holder = await linkedUserId(deployment.users, connection, contactId);
    if (holder !== undefined && holder !== user.id)
      throw new CommandError(`The contact is linked to the user ${holder}: unlink it there first.`);
    const before = user.contacts[connection];
    const replaced = before === undefined || before === contactId ? '' : `, in place of ${printable(before)}`;
    return {
      question: `This links the contact ${printable(contactId)} of ${connection}${replaced}: fields, tags and address follow it with its next webhook.`,
      change:
        before === contactId ? {} : { contact: { connection, contactId }, ...forgotten(user, connection) },
      connection,
      contactId,
    };
  };

const unlinkPlan =
  (connection: string): Plan =>
  (user) => {
    const { contacts } = user;
    // Of a connection that the configuration has lost, too.
    const contactId = Object.hasOwn(contacts, connection) ? contacts[connection] : undefined;
    const contact = contactId === undefined ? {} : { contactId };
    return {
      question: `This unlinks the user from its contact ${printable(contactId ?? '(none)')} of ${connection}.`,
      change: contactId === undefined ? {} : unlinked(user, connection),
      connection,
      ...contact,
    };
  };

function link(options: LinkOptions, terminal: Terminal): Promise<void> {
  const { contact: _contact, connection: _connection, ...named } = options;
  if (named.id === undefined && named.email === undefined)
    throw new WrongUsage('Say which user: --id or --email.');
  return changeUser('link', named, terminal, linkPlan(options));
}

function unlink(options: ChangeOptions, terminal: Terminal): Promise<void> {
  if (options.connection === undefined) throw new WrongUsage('Say which connection: --connection.');
  return changeUser('unlink', options, terminal, unlinkPlan(options.connection));
}

/** `usher user link` and `usher user unlink`: which contact of a CRM a user follows. */
export function addUserLink(user: Command, terminal: Terminal): void {
  forChange(
    user
      .command('link')
      .description('Link one user to a contact of a CRM.')
      .requiredOption('--connection <name>', 'the connection of the contact')
      .requiredOption('--contact <id>', "the contact's id in the CRM")
      .addOption(new Option('--id <id>', 'the user by its id').conflicts('email'))
      .addOption(new Option('--email <address>', 'the user by its e-mail address').conflicts('id')),
  ).action((options: LinkOptions) => link(options, terminal));
  forChange(
    forUser(user.command('unlink').description('Unlink one user from its contact of --connection.')),
  ).action((options: ChangeOptions) => unlink(options, terminal));
}
