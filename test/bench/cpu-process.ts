import { setImmediate } from 'node:timers/promises';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SESClient } from '@aws-sdk/client-ses';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createHandler, type UsherEvent } from '../../functions/create-handler.ts';
import { createServices } from '../../functions/runtime/create-services.ts';
import { readEnvironment } from '../../functions/runtime/environment.ts';
import { createLog } from '../../functions/runtime/log.ts';
import { contactKey, userItem } from '../../functions/users/items.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import config from '../../usher.config.ts';
import { serveRemote } from '../support/serve-remote.ts';
import { type CpuCase, cases, contactId, person, user } from './cpu-cases.ts';
import { webhookEvent } from './webhook-event.ts';

const accessKey = 'k'.repeat(32);
const warmUps = 2000;
const webhooks = 3000;

/** Every call of a service is answered from memory at once, so that what is left is the function's own work. */
function handlerFor(scene: CpuCase) {
  const item = userItem(user);
  const link = { ...contactKey('encharge', contactId), userId: user.id };
  const documents = {
    send({ input }: { input: { Key?: { pk: string }; RequestItems?: object } }) {
      if (scene.isKnown && input.RequestItems)
        return Promise.resolve({ Responses: { usher: [{ ...link }] } });
      if (scene.isKnown && input.Key?.pk.startsWith('USER#')) return Promise.resolve({ Item: { ...item } });
      return Promise.resolve({ Responses: {} });
    },
  } as unknown as DynamoDBDocumentClient;
  const secret = JSON.stringify({ accessKeys: [accessKey], apiToken: 'token' });
  const answering = (answer: object) => ({ send: () => Promise.resolve(answer) });
  const environment = readEnvironment({
    USHER_TABLE: 'usher',
    USHER_QUEUE_URL: 'http://127.0.0.1/queue',
    USHER_DEAD_LETTER_URL: 'http://127.0.0.1/dead-letters',
    USHER_SECRETS: JSON.stringify({ encharge: 'usher/encharge' }),
  });
  const aws = {
    documents,
    sqs: answering({}) as unknown as SQSClient,
    ses: answering({}) as unknown as SESClient,
    secrets: answering({ SecretString: secret }) as unknown as SecretsManagerClient,
  };
  const services = createServices(config, environment, aws, createLog('Usher'));
  const body = JSON.stringify({ users: [person(scene.score)] });
  return createHandler({
    ...services,
    transport: () => Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body }),
  });
}

async function run(
  handler: ReturnType<typeof createHandler>,
  scene: CpuCase,
  count: number,
): Promise<string> {
  const query = { wpf_action: scene.action, access_key: scene.isAllowed ? accessKey : 'wrong' };
  let body = '';
  for (let done = 0; done < count; done += 1) {
    const event = webhookEvent(query, { id: contactId });
    const answer = await handler(event satisfies UsherEvent, createLambdaContext({ timeoutMs: 30_000 }));
    body = answer && 'body' in answer ? String(answer.body) : '';
    // Timers and immediates get their turn, as they do between webhooks.
    if (done % 50 === 0) await setImmediate();
  }
  return body;
}

serveRemote({
  /** CPU time of one webhook in milliseconds, and the last answer's body. */
  async measure(name: string): Promise<{ cpuMs: number; body: string }> {
    const scene = cases.find((candidate) => candidate.name === name);
    if (!scene) throw new Error(`There is no case ${name}.`);
    const handler = handlerFor(scene);
    await run(handler, scene, warmUps);
    const before = process.cpuUsage();
    const body = await run(handler, scene, webhooks);
    const { user: own, system } = process.cpuUsage(before);
    return { cpuMs: (own + system) / 1000 / webhooks, body };
  },
});
