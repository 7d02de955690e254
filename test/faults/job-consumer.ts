import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Job, parseJob } from '../../functions/jobs/job.ts';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';

export interface JobConsumerPorts {
  /** The queue without faults: its consumer is AWS. */
  sqs: SQSClient;
  queueUrl: string;
  /** Jobs worked on at once. */
  workers: number;
  now: () => Date;
  /**
   * Runs the function with one job. `failed`: it stays in the queue; `kept`: it was done, but SQS delivers it once more.
   */
  work: (job: Job, message: Message, receives: number) => Promise<'done' | 'failed' | 'kept'>;
}

interface Resting {
  handle: string;
  job: Job;
  /** Milliseconds of the run's clock. */
  due: number;
}

/** Real milliseconds between two looks at an empty queue: each costs as much as a look at the table. */
const pollMs = 40;
const parallelChanges = 8;

/**
 * Lambda's event source, on the run's clock: takes jobs from the queue, hands them to the function one by one, and deletes
 * those that are done. Failed ones rest as long as the function asked for, or the queue's visibility time-out.
 */
export class JobConsumer {
  readonly #ports: JobConsumerPorts;
  readonly #resting = new Map<string, Resting>();
  /** By receipt handle: for how long the function has asked, in milliseconds of the run's clock. */
  readonly #asked = new Map<string, number>();
  /** By message: the handle of its last hand-out. */
  readonly #handedOut = new Map<string, string>();

  constructor(ports: JobConsumerPorts) {
    this.#ports = ports;
  }

  /** Notes what the function asked the queue for. */
  rest(handle: string, seconds: number): void {
    this.#asked.set(handle, this.#ports.now().getTime() + seconds * 1000);
  }

  /**
   * Works until `isOver` says that nothing more will come, the queue hands out nothing any more, and all that it has handed out
   * rests here. On a machine that stalls an answer of the queue may never arrive: its jobs are out of sight for a while, and
   * neither done nor lost.
   */
  async run(isOver: () => boolean): Promise<void> {
    const working = new Set<Promise<void>>();
    for (let isDone = false; !isDone; ) {
      const wasIdle = isOver() && working.size === 0;
      const messages = await this.#receive(this.#ports.workers - working.size);
      for (const message of messages) {
        const work: Promise<void> = this.#deliver(message).finally(() => working.delete(work));
        working.add(work);
      }
      const isFull = working.size >= this.#ports.workers;
      if (isFull) await Promise.race(working);
      else if (messages.length === 0) await delay(pollMs);
      isDone = wasIdle && messages.length === 0 && (await this.#count()).handedOut <= this.#resting.size;
    }
  }

  /** When the next resting job comes back, in milliseconds of the run's clock. */
  get nextDue(): number | undefined {
    const dues = [...this.#resting.values()].map(({ due }) => due);
    return dues.length === 0 ? undefined : dues.reduce((one, other) => Math.min(one, other));
  }

  /** What the resting jobs are about. */
  get resting(): Job[] {
    return [...this.#resting.values()].map(({ job }) => job);
  }

  /** Makes the jobs visible whose rest is over by the run's clock. */
  async wake(): Promise<number> {
    const now = this.#ports.now().getTime();
    const due = [...this.#resting].filter((entry) => entry[1].due <= now);
    const batches: [string, Resting][][] = [];
    while (due.length > 0) batches.push(due.splice(0, 10));
    const woken = batches.flat().length;
    const next = batches.values();
    const change = async () => {
      for (const batch of next) {
        const Entries = batch.map(([, { handle }], index) => ({
          Id: String(index),
          ReceiptHandle: handle,
          VisibilityTimeout: 0,
        }));
        const { sqs, queueUrl } = this.#ports;
        await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
        for (const [id] of batch) this.#resting.delete(id);
      }
    };
    await Promise.all(Array.from({ length: parallelChanges }, change));
    return woken;
  }

  /** Jobs in the queue, visible or not. */
  async waiting(): Promise<number> {
    const { visible, handedOut } = await this.#count();
    return visible + handedOut;
  }

  async #count(): Promise<{ visible: number; handedOut: number }> {
    const { sqs, queueUrl } = this.#ports;
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
    return {
      visible: Number(ApproximateNumberOfMessages),
      handedOut: Number(ApproximateNumberOfMessagesNotVisible),
    };
  }

  async #receive(most: number): Promise<Message[]> {
    const { sqs, queueUrl } = this.#ports;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(most, 10),
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  async #deliver(message: Message): Promise<void> {
    const { sqs, queueUrl, now, work } = this.#ports;
    const { MessageId: id = '', ReceiptHandle: handle = '', Attributes } = message;
    this.#resting.delete(id);
    this.#handedOut.set(id, handle);
    const unseenUntil = now().getTime() + queueSettings.visibilityTimeoutSeconds * 1000;
    const job = parseJob(message.Body ?? '');
    const outcome = await work(job, message, Number(Attributes?.['ApproximateReceiveCount']));
    if (outcome === 'done') {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
    } else if (this.#handedOut.get(id) === handle) {
      // Else it came back before this try was over, and the later one says how long it rests.
      const due = outcome === 'failed' ? (this.#asked.get(handle) ?? unseenUntil) : unseenUntil;
      this.#resting.set(id, { handle, job, due });
    }
    this.#asked.delete(handle);
  }
}
