import { randomUUID } from 'node:crypto';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { BatchGetCommand, GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createAwsClients } from '../../functions/runtime/aws-clients.ts';
import { createTable } from '../../lib/dev/dynamodb.ts';
import { localClient } from '../../lib/dev/local-client.ts';
import { serveRemote } from '../support/serve-remote.ts';
import { cpuMs } from './cpu-time.ts';
import { inParallel } from './in-parallel.ts';
import { idsOf } from './load-people.ts';
import type { BareRun, Surroundings } from './load-surroundings.ts';

/**
 * What Usher is compared with: the same calls of the same SDK client and the CRM, one after the other, without any thought. No HTTP,
 * no keys, no checks, no roles, no field map, no log.
 */
const { dynamodb, crmUrl, crmToken } = JSON.parse(process.argv[2] ?? '{}') as Surroundings;
const TableName = 'bare';
const { documents } = createAwsClients(() => ({
  ...localClient(dynamodb),
  // Without time limits: it may be asked for hundreds at once, on one processor.
  requestHandler: {},
}));
await createTable(documents, TableName);
const agent = new Agent({ keepAlive: true });

interface Person {
  email: string;
  firstName: string;
  lastName: string;
  tags: string;
  country: string;
  score: number;
}

async function pull(id: string): Promise<Person> {
  const url = `${crmUrl}/people?people%5B0%5D%5Bid%5D=${id}`;
  const body = await new Promise<string>((resolve, reject) => {
    get(url, { agent, headers: { 'x-encharge-token': crmToken } }, (response) => {
      text(response).then(resolve, reject);
    }).once('error', reject);
  });
  const { users } = JSON.parse(body) as { users: Person[] };
  const [person] = users;
  if (!person) throw new Error('The CRM has no such person.');
  return person;
}

async function read(pk: string, sk: string): Promise<Record<string, unknown> | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }));
  return Item;
}

/** Usher reads the state of the connection in the same request. */
async function readLink(contactId: string): Promise<Record<string, unknown> | undefined> {
  const link = { pk: `CONTACT#encharge#${contactId}`, sk: 'UNIQUE' };
  const Keys = [link, { pk: 'PACE#encharge', sk: 'PACE' }];
  const { Responses } = await documents.send(
    new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
  );
  return Responses?.[TableName]?.find(({ pk }) => pk === link.pk);
}

async function add(contactId: string): Promise<void> {
  await readLink(contactId);
  const { email, firstName, lastName, tags, country, score } = await pull(contactId);
  const claims = [`EMAIL#${email}`, `LOGIN#${email}`].map((pk) => ({ pk, sk: 'UNIQUE' }));
  await documents.send(
    new BatchGetCommand({ RequestItems: { [TableName]: { Keys: claims, ConsistentRead: true } } }),
  );
  const userId = randomUUID();
  const now = new Date().toISOString();
  const put = (Item: Record<string, unknown>) => ({
    Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' },
  });
  const list = tags.split(',');
  await documents.send(
    new TransactWriteCommand({
      TransactItems: [
        ...claims.map((key) => put({ ...key, userId })),
        put({ pk: `CONTACT#encharge#${contactId}`, sk: 'UNIQUE', userId }),
        put({
          pk: `USER#${userId}`,
          sk: 'USER',
          id: userId,
          email,
          login: email,
          role: 'subscriber',
          fields: {
            first_name: firstName,
            last_name: lastName,
            display_name: firstName,
            nickname: email,
            country,
            score,
          },
          tags: new Set(list),
          contacts: { encharge: contactId },
          effects: {},
          version: 1,
          created: now,
          updated: now,
        }),
        ...list.map((tag) => ({
          Put: { TableName, Item: { pk: `TAG#${tag}`, sk: `USER#${userId}`, tag, applied: now } },
        })),
      ],
    }),
  );
}

async function update(contactId: string): Promise<void> {
  const link = await readLink(contactId);
  const user = await read(`USER#${String(link?.['userId'])}`, 'USER');
  const { score } = await pull(contactId);
  const version = Number(user?.['version']);
  const { score: before } = Object(user?.['fields']) as Partial<Person>;
  if (before === score) {
    // Whoever is about to write from an older pull has to find out.
    await documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk: user?.['pk'], sk: 'USER' },
        ConditionExpression: 'version = :before',
        UpdateExpression: 'ADD looks :one',
        ExpressionAttributeValues: { ':before': version, ':one': 1 },
      }),
    );
    return;
  }
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: { pk: user?.['pk'], sk: 'USER' },
      ConditionExpression: 'version = :before',
      UpdateExpression: 'SET version = :after, updated = :now, #fields.score = :score',
      ExpressionAttributeNames: { '#fields': 'fields' },
      ExpressionAttributeValues: {
        ':before': version,
        ':after': version + 1,
        ':now': new Date().toISOString(),
        ':score': score,
      },
    }),
  );
}

serveRemote(
  {
    cpuMs,
    async run({ action, people, concurrency, untilMs }: BareRun): Promise<{ ms: number; count: number }> {
      const began = performance.now();
      const work = action === 'add' ? add : update;
      const { length: count } = await inParallel(idsOf(people), concurrency, untilMs, work);
      return { ms: performance.now() - began, count };
    },
  },
  () => {
    documents.destroy();
    agent.destroy();
    return Promise.resolve();
  },
);
