import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { stageSettings } from '../../functions/config/stages.ts';
import { type WebhookJob, webhookJobId } from '../../functions/jobs/job.ts';
import { createJobQueue } from '../../functions/jobs/job-queue.ts';
import type { Deployment } from '../commands/support/deployment.ts';
import { type Clock, throttle } from './clock.ts';
import type { State } from './state.ts';
import type { Tally } from './tally.ts';

/** Between two looks whether there is room in the queue, in milliseconds. */
const pauseMs = 200;

/** The id of a contact's job: the same however often it is sent. SQS forgets it after five minutes, and an `add` twice changes nothing. */
export const jobIdOf = ({ id, connection }: Pick<State, 'id' | 'connection'>, contactId: string): string =>
  webhookJobId({ requestId: id, connection, contactId });

function jobOf(state: State, contactId: string, now: Date): WebhookJob {
  const { id: requestId, kind, connection, role, notify } = state;
  return {
    kind: 'webhook',
    id: jobIdOf(state, contactId),
    action: kind === 'import' ? 'add' : 'update',
    connection,
    contactId,
    ...(role === undefined ? {} : { role }),
    sendNotification: notify,
    lane: 'batch',
    bulk: kind,
    receivedAt: now.toISOString(),
    requestId,
    createdAt: now.toISOString(),
  };
}

/** Jobs that are not over, those that rest among them. Others' too: it is never fewer than ours. */
async function queueDepth({ sqs, queueUrl }: Pick<Deployment, 'sqs' | 'queueUrl'>): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes;
  return Number(visible) + Number(hidden);
}

/** Sends one contact's job when it is its turn. */
export type Send = (contactId: string) => Promise<void>;

/**
 * Sends jobs at the state's rate, and never so many that more than twice as many as are worked on at once wait. What waits is known from
 * two sides, neither of which says too little: the log, which is late on AWS, and the queue, where others wait, too.
 *
 * @param onWait called while there is no room
 */
export function createSend(
  deployment: Deployment,
  state: State,
  { tally, clock, onWait }: { tally: Tally; clock: Clock; onWait: () => void },
): Send {
  const { config, stage, sqs, queueUrl } = deployment;
  const most = 2 * stageSettings(config.stages, stage ?? 'local').maximumConcurrency;
  const queue = createJobQueue(sqs, queueUrl);
  const turn = throttle(state.rate, clock);
  let { sent } = state;
  return async (contactId) => {
    await turn();
    while (sent - tally.done >= most && (await queueDepth(deployment)) >= most) {
      onWait();
      await clock.sleep(pauseMs);
    }
    await queue.send([jobOf(state, contactId, clock.now())]);
    sent += 1;
  };
}
