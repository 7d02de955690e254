import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Command, Option } from 'commander';
import { findByContact, findByEmail, findById } from '../../functions/users/find.ts';
import { allUsers, usersWithTag } from '../../functions/users/list.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { readStackFile } from '../dev/stack-file.ts';
import { portOption } from './port-option.ts';
import { CommandError, exitCodes, printable, type Terminal } from './terminal.ts';

/** The local stack's table. */
async function openTable(port: number): Promise<UserTable & { close: () => void }> {
  const { endpoints, table } = await readStackFile(process.cwd(), port);
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: endpoints.dynamodb,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 2,
  });
  return {
    documents: DynamoDBDocumentClient.from(client),
    name: table,
    now: () => new Date(),
    close: () => client.destroy(),
  };
}

/** What is shown of a user. The password's hash is nobody's business, in a terminal least of all. */
function shown({ passwordHash, ...user }: User): object {
  return { ...user, hasPassword: passwordHash !== undefined };
}

function describe(user: User): string[] {
  const rows: [string, string][] = [
    ['id', user.id],
    ['e-mail', user.email],
    ['username', user.login],
    ['role', user.role],
    ['tags', user.tags.join(', ') || '-'],
    ...Object.entries(user.contacts).map(([connection, id]): [string, string] => [
      `contact (${connection})`,
      id,
    ]),
    ...Object.entries(user.fields).map(([key, value]): [string, string] => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
    ['password', user.passwordHash === undefined ? 'not set' : 'set'],
    ['pending', Object.keys(user.effects).join(', ') || '-'],
    ['created', user.created],
    ['updated', user.updated],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`);
}

interface GetOptions {
  id?: string;
  email?: string;
  contact?: string;
  connection?: string;
  port: number;
  json?: boolean;
}

async function find(table: UserTable, options: GetOptions): Promise<User | undefined> {
  if (options.id !== undefined) return findById(table, options.id);
  if (options.email !== undefined) return findByEmail(table, options.email);
  if (options.contact !== undefined) {
    if (options.connection === undefined) throw new CommandError('--contact needs --connection.');
    return findByContact(table, options.connection, options.contact);
  }
  throw new CommandError('Say which user: --id, --email, or --contact with --connection.');
}

async function get(options: GetOptions, { out, err }: Terminal): Promise<void> {
  const table = await openTable(options.port);
  try {
    const user = await find(table, options);
    if (!user) {
      err('There is no such user.');
      process.exitCode = exitCodes.failed;
    } else if (options.json) out(JSON.stringify(shown(user)));
    else for (const line of describe(user)) out(line);
  } finally {
    table.close();
  }
}

interface ListOptions {
  tag?: string;
  all?: boolean;
  port: number;
  json?: boolean;
}

async function list(options: ListOptions, { out, err }: Terminal): Promise<void> {
  if (options.tag === undefined && !options.all)
    throw new CommandError('Say which users: --tag <tag> or --all.');
  const table = await openTable(options.port);
  try {
    let count = 0;
    for await (const user of options.tag === undefined ? allUsers(table) : usersWithTag(table, options.tag)) {
      count += 1;
      if (options.json) out(JSON.stringify(shown(user)));
      else
        out(
          [user.id, user.role.padEnd(12), printable(user.email), printable(user.tags.join(', '))].join('  '),
        );
    }
    if (!options.json) err(`${count} user(s)`);
  } finally {
    table.close();
  }
}

/** `usher user get` and `usher user list`. */
export function addUserCommand(program: Command, terminal: Terminal): void {
  const user = program.command('user').description('Look at users and their tags.');
  user
    .command('get')
    .description('Show one user.')
    .addOption(new Option('--id <id>', 'by user id').conflicts(['email', 'contact']))
    .addOption(new Option('--email <address>', 'by e-mail address').conflicts(['id', 'contact']))
    .addOption(new Option('--contact <id>', "by the contact's id in the CRM").conflicts(['id', 'email']))
    .option('--connection <name>', 'the connection that --contact belongs to')
    .addOption(portOption('port of the local stack'))
    .option('--json', 'print JSON')
    .action((options: GetOptions) => get(options, terminal));
  user
    .command('list')
    .description('List users.')
    .addOption(new Option('--tag <tag>', 'who has this tag').conflicts('all'))
    .option('--all', 'everybody (reads the whole table)')
    .addOption(portOption('port of the local stack'))
    .option('--json', 'print one line of JSON per user')
    .action((options: ListOptions) => list(options, terminal));
}
