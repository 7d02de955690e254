import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { contactKey, userItem } from '../../functions/users/items.ts';
import { closeServer, listenOnLoopback } from '../../lib/dev/loopback-server.ts';
import { serveRemote } from '../support/serve-remote.ts';
import { contactId, person, user } from './cpu-cases.ts';

/** What this script answers to. */
export type CannedApi = { url(accessKey: string): string };

/** A value as DynamoDB sends it. */
function sent(value: unknown): object {
  if (typeof value === 'number') return { N: String(value) };
  if (value instanceof Set) return { SS: [...value] };
  if (typeof value === 'object' && value !== null) return { M: sentItem(value) };
  return { S: String(value) };
}
const sentItem = (item: object) =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, sent(value)]));

let accessKey = '';
const link = sentItem({ ...contactKey('encharge', contactId), userId: user.id });
/** AWS's answers by their actions, and the CRM's, of which each differs from what is stored. */
const answers: Record<string, (asked: string) => object> = {
  BatchGetItem: () => ({ Responses: { usher: [link] }, UnprocessedKeys: {} }),
  GetItem: () => ({ Item: sentItem(userItem(user)) }),
  UpdateItem: () => ({}),
  TransactWriteItems: () => ({}),
  GetSecretValue: (asked) => {
    const accessKeys = [asked.includes('encharge') ? accessKey : 'x'.repeat(32)];
    return { SecretString: JSON.stringify({ accessKeys, apiToken: 'token' }) };
  },
  crm: () => ({ users: [person(2)] }),
};

/** Answers what an `update` asks of AWS and of the CRM, always the same, so that every one has a change to write. */
const server = createServer((request, response) => {
  void text(request).then((asked) => {
    const action = String(request.headers['x-amz-target'] ?? '.crm').replace(/^.*\./, '');
    const type = action === 'crm' ? 'application/json' : 'application/x-amz-json-1.0';
    response.writeHead(200, { 'content-type': type }).end(JSON.stringify(answers[action]?.(asked) ?? {}));
  });
});
const port = await listenOnLoopback(server, 0, 'the canned services');

serveRemote(
  {
    url(key: string): string {
      accessKey = key;
      return `http://127.0.0.1:${port}`;
    },
  },
  () => closeServer(server),
);
