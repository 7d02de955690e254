import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { WebhookJob } from '../../functions/jobs/job.ts';
import { closeServer, listenOnLoopback } from '../../lib/dev/loopback-server.ts';
import { writeStackFile } from '../../lib/dev/stack-file.ts';

/** Everything that `usher import` talks to, as one server that keeps nothing: a CRM with so many contacts, and a queue whose jobs are done at once. */
export interface PlayedStack {
  folder: string;
  port: number;
  stop(): Promise<void>;
}

const personOf = (index: number) => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  email: `somebody.with.a.name.${index}@example.com`,
  tags: 'customer,newsletter',
});

/** Encharge's answers. */
function crmAnswer({ pathname, searchParams }: URL, count: number): object {
  if (!pathname.endsWith('/people/all')) return { users: [personOf(0)] };
  const at = Number(searchParams.get('offset'));
  const size = Math.max(Math.min(Number(searchParams.get('limit')), count - at), 0);
  return { people: Array.from({ length: size }, (_, index) => personOf(at + index)) };
}

/** The line that the function would log. */
const doneLine = ({ id: job_id, requestId: request_id, connection }: WebhookJob) => ({
  timestamp: new Date().toISOString(),
  message: 'job',
  action: 'add',
  result: 'created',
  connection,
  job_id,
  request_id,
});

type Operation = (input: Record<string, unknown>) => object | Promise<object>;

const operationsOf = (log: string): Readonly<Record<string, Operation>> => ({
  BatchGetItem: () => ({ Responses: {}, UnprocessedKeys: {} }),
  GetItem: () => ({}),
  GetSecretValue: () => ({
    SecretString: JSON.stringify({ accessKeys: ['k'.repeat(32)], apiToken: 'a-token-of-the-trial' }),
    VersionId: 'v'.repeat(32),
  }),
  GetQueueAttributes: () => ({
    Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
  }),
  async SendMessage({ MessageBody }) {
    const body = String(MessageBody);
    await appendFile(log, `${JSON.stringify(doneLine(JSON.parse(body) as WebhookJob))}\n`);
    return { MessageId: 'm', MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
  },
});

/** Starts it, with the file that the command finds it by. */
export async function startPlayedStack(count: number): Promise<PlayedStack> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-played-'));
  const log = join(folder, 'stack.log');
  await writeFile(log, '');
  const operations = operationsOf(log);
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const name =
        String(request.headers['x-amz-target'] ?? '')
          .split('.')
          .at(-1) ?? '';
      const url = new URL(String(request.url), 'http://127.0.0.1');
      const operation = operations[name];
      const answer =
        operation === undefined
          ? crmAnswer(url, count)
          : await operation(JSON.parse(body) as Record<string, unknown>);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    })();
  });
  const port = await listenOnLoopback(server, 0, 'the trial');
  const url = `http://127.0.0.1:${port}/`;
  await writeStackFile(folder, {
    ready: true,
    webhook: url,
    inbox: url,
    endpoints: { dynamodb: url, sqs: url, ses: url, secretsmanager: url },
    table: 'played',
    queue: `${url}queue`,
    dead_letters: `${url}dead-letters`,
    secrets: { encharge: 'encharge' },
    site_key: 'none',
    site_secret: 'none',
    log,
    connections: { encharge: { crm: 'encharge', access_key: 'none', crm_url: `${url}v1/` } },
  });
  return {
    folder,
    port,
    async stop() {
      await closeServer(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
