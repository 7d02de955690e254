import { buildApp } from 'fauxqs';
import { loadFauxqsParts } from './fauxqs-parts.ts';
import { refuseForeignRequests } from './foreign-request.ts';
import { deadLetterAttributes, type JobQueues, jobAttributes } from './job-queues.ts';
import { loopbackHost, portError } from './loopback-server.ts';

export interface JobQueue extends JobQueues {
  readonly endpoint: string;
  /** Answers every long poll under way with what there is, which is nothing. */
  endLongPolls(): void;
  stop(): Promise<void>;
}

type Store = InstanceType<Awaited<ReturnType<typeof loadFauxqsParts>>['SqsStore']>;

const region = 'eu-west-1';
const account = '000000000000';
const arn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const jobs = 'usher-jobs.fifo';
const deadLetters = 'usher-jobs-dead.fifo';

/**
 * Starts an SQS emulator (fauxqs) on the loopback address, with the job queue and its dead-letter queue set up as the
 * stack sets them up. With `dataDir` queues and messages are on disk and come back, all of them visible; without it all is
 * in memory.
 *
 * @throws {LocalStackError} when the port is taken.
 */
export async function startQueue(options: { dataDir?: string; port?: number } = {}): Promise<JobQueue> {
  const { SqsStore, SnsStore, S3Store, PersistenceManager } = await loadFauxqsParts();
  const sqsStore = new SqsStore();
  // Without a host of its own it names the host the client asked for, which needs no name to be resolved.
  sqsStore.host = '';
  const stores = { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() };
  const app = buildApp({ logger: false, stores });
  refuseForeignRequests(app.server);
  endLongPollsOfLostClients(app, sqsStore);
  if (options.dataDir !== undefined) {
    const persistence = new PersistenceManager(options.dataDir);
    persistence.loadSqsAndSns(sqsStore, stores.snsStore);
    sqsStore.persistence = persistence;
    for (const queue of sqsStore.allQueues()) queue.persistence = persistence;
    app.addHook('onClose', () => persistence.close());
  }

  const port = options.port ?? 0;
  try {
    const endpoint = await app.listen({ port, host: loopbackHost });
    const deadLetterUrl = setUpQueue(sqsStore, endpoint, deadLetters, deadLetterAttributes);
    const queueUrl = setUpQueue(sqsStore, endpoint, jobs, jobAttributes(arn(deadLetters)));
    return {
      endpoint,
      queueUrl,
      deadLetterUrl,
      endLongPolls: () => sqsStore.shutdown(),
      stop: () => app.close(),
    };
  } catch (error) {
    await app.close();
    throw portError(error, port, 'the job queue');
  }
}

function setUpQueue(store: Store, endpoint: string, name: string, wanted: Record<string, string>): string {
  const url = `${endpoint}/${account}/${name}`;
  const queue = store.getQueueByArn(arn(name)) ?? store.createQueue(name, url, arn(name), wanted);
  // A queue from the last run has that run's port and, after an update, that version's settings.
  Object.assign(queue, { url });
  queue.setAttributes(wanted);
  // With a store on disk fauxqs 2.4.1 loses a message whose visibility is changed to 0; a millisecond is as good.
  const changeVisibility = queue.changeVisibility.bind(queue);
  queue.changeVisibility = (handle, seconds) => changeVisibility(handle, Math.max(seconds, 0.001));
  // Whoever had a message in work has gone with the last run, and what rested after a failure may be tried now.
  for (const handle of queue.inflightMessages.keys()) queue.changeVisibility(handle, 0);
  return url;
}

/** A long poll whose client hung up would still take the next message, and hide it until its visibility ends. */
function endLongPollsOfLostClients(app: ReturnType<typeof buildApp>, store: Store): void {
  app.addHook('onRequest', (_request, reply, done) => {
    // Ends every long poll under way: the clients that are still there just ask again.
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) store.shutdown();
    });
    done();
  });
}
