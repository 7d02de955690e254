import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, it } from '@jest/globals';
import { allUsers } from '../../functions/users/all-users.ts';
import { findByContact } from '../../functions/users/find.ts';
import { userKey } from '../../functions/users/items.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { localClient } from '../../lib/dev/local-client.ts';
import type { StackDescription } from '../../lib/dev/stack-file.ts';
import { inParallel } from '../bench/in-parallel.ts';
import { collected, inconsistencies } from '../integration/table-state.ts';
import { folder, useFolder } from '../support/folder.ts';
import { noteSecret } from '../support/leaks.ts';
import { answers, startUsher } from '../support/usher-process.ts';

const contacts = 150;
const killedAfter = 60;

useFolder();
let documents: DynamoDBDocumentClient | undefined;
afterEach(() => documents?.destroy());

function tableOf({ endpoints, table }: StackDescription): UserTable {
  documents?.destroy();
  const client = new DynamoDBClient(localClient(endpoints.dynamodb));
  documents = DynamoDBDocumentClient.from(client);
  return { documents, name: table, now: () => new Date() };
}

/** Looks again until it is so, for a minute at most. */
async function eventually(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (let looks = 0; looks < 240; looks += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`It did not happen: ${what}`);
}

interface Person {
  id: string;
  email: string;
  tags: string[];
}

const people: readonly Person[] = Array.from({ length: contacts }, (_, number) => ({
  id: randomUUID(),
  email: `killed.${number}@example.com`,
  tags: number % 2 ? ['all', 'odd'] : ['all'],
}));

const sandbox = ({ connections }: StackDescription) => `${connections['encharge']?.sandbox}/people`;

async function fillCrm(ready: StackDescription): Promise<void> {
  await inParallel(people, 8, 60_000, (person) =>
    fetch(sandbox(ready), { method: 'POST', body: JSON.stringify(person) }),
  );
}

/** Sends an add for everybody and resolves to those that were accepted. Nobody is left to answer after the kill. */
async function addAll(
  { webhook, connections }: StackDescription,
  onAccepted: (count: number) => void,
): Promise<Person[]> {
  const accepted: Person[] = [];
  const url = new URL(webhook);
  url.search = new URLSearchParams({
    wpf_action: 'add',
    access_key: String(connections['encharge']?.access_key),
    send_notification: 'true',
  }).toString();
  await inParallel(people, 16, 60_000, async (person) => {
    const isAsync = person.tags.length === 2 ? '&async=true' : '';
    const body = JSON.stringify({ id: person.id });
    const response = await fetch(url.href + isAsync, { method: 'POST', body }).catch(() => undefined);
    if (!response?.ok) return;
    accepted.push(person);
    onAccepted(accepted.length);
  });
  return accepted;
}

async function usersOf(table: UserTable, accepted: readonly Person[]): Promise<(User | undefined)[]> {
  return inParallel(accepted, 8, 60_000, ({ id }) => findByContact(table, 'encharge', id));
}

/** As if the minute were over. The job may just have ended the effect: then there is nothing to do. */
async function endClaim(table: UserTable, id: string, effect: string): Promise<void> {
  const write = new UpdateCommand({
    TableName: table.name,
    Key: userKey(id),
    ConditionExpression: 'attribute_exists(effects.#effect)',
    UpdateExpression: 'REMOVE effects.#effect.claimedUntil',
    ExpressionAttributeNames: { '#effect': effect },
  });
  await table.documents.send(write).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}

const kill = async (running: Awaited<ReturnType<typeof startUsher>>) => {
  await running.end('SIGKILL');
  await eventually(async () => !(await answers(running.ready.endpoints.dynamodb)), 'the table ends as well');
};

it('usher dev --data, killed under load, has applied every webhook that it accepted', async () => {
  const args = ['--port', '0', '--data', join(folder, 'data')];
  const first = await startUsher(args, folder);
  await fillCrm(first.ready);
  let killed = Promise.resolve();
  const accepted = await addAll(first.ready, (count) => {
    if (count === killedAfter) killed = kill(first);
  });
  await killed;
  expect(accepted.length).toBeGreaterThanOrEqual(killedAfter);
  expect(accepted.length).toBeLessThan(contacts);

  // Whatever the kill has interrupted is claimed for a minute; all else is done at once.
  const second = await startUsher(args, folder);
  let table = tableOf(second.ready);
  let waiting: readonly Person[] = accepted;
  await eventually(async () => {
    const users = await usersOf(table, waiting);
    const isLeftAlone = (user: User | undefined) =>
      user && Object.values(user.effects).every(({ claimedUntil }) => claimedUntil !== undefined);
    waiting = waiting.filter((_, index) => !isLeftAlone(users[index]));
    return waiting.length === 0;
  }, 'every accepted webhook is applied');
  for (const { id, effects } of await collected(allUsers(table))) {
    for (const effect of Object.keys(effects)) await endClaim(table, id, effect);
  }
  await kill(second);

  const third = await startUsher(args, folder);
  table = tableOf(third.ready);
  await eventually(async () => {
    const users = await collected(allUsers(table));
    return users.every(({ effects }) => Object.keys(effects).length === 0);
  }, 'every effect is done');
  const users = await usersOf(table, accepted);
  expect(users.map((user) => [user?.email, user?.tags])).toEqual(
    accepted.map(({ email, tags }) => [email, tags]),
  );
  expect(await inconsistencies(table)).toEqual([]);

  const inbox = (await (await fetch(`${third.ready.inbox}store`)).json()) as {
    emails: { destination: { to: string[] } }[];
  };
  const mailed = inbox.emails.flatMap(({ destination }) => destination.to);
  expect(accepted.filter(({ email }) => !mailed.includes(email))).toEqual([]);
  // Only a mail that was just being sent may have come twice.
  expect(mailed.length - new Set(mailed).size).toBeLessThanOrEqual(16);
  for (const [index, { id }] of accepted.slice(0, 5).entries()) {
    const person = (await (await fetch(`${sandbox(third.ready)}/${id}`)).json()) as {
      fields: { wp_password: string };
    };
    noteSecret(person.fields.wp_password);
    expect(await verifyPassword(person.fields.wp_password, String(users[index]?.passwordHash))).toBe(true);
  }
  await third.end('SIGTERM');
});
