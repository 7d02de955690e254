import type { Message } from '@aws-sdk/client-sqs';
import type { Services } from '../../functions/runtime/services.ts';

interface Stored {
  message: Message;
  group: string;
  visibleAt: number;
  receives: number;
  /** When its group was new, as a number that grows. */
  order: number;
}

interface Entry {
  Id?: string;
  MessageBody?: string;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

/** A FIFO queue of SQS by the clock of the test: order within a group, visibility, counts of hand-outs. */
export class VirtualQueue {
  readonly #groups = new Map<string, Stored[]>();
  readonly #byHandle = new Map<string, Stored>();
  /** The first of each group, by when it is visible: to look for it among thousands at every step takes too long. */
  readonly #heads: Stored[] = [];
  #sent = 0;
  /** Hand-outs by message. */
  readonly handOuts = new Map<string, number>();

  send({ MessageBody = '', MessageGroupId = '', MessageDeduplicationId = '' }: Entry): void {
    this.#sent += 1;
    const id = String(this.#sent);
    const Attributes = { MessageGroupId, MessageDeduplicationId };
    const group = this.#groups.get(MessageGroupId);
    const stored = {
      message: { MessageId: id, ReceiptHandle: id, Body: MessageBody, Attributes },
      group: MessageGroupId,
      visibleAt: Date.now(),
      receives: 0,
      order: group?.[0]?.order ?? this.#sent,
    };
    if (group) group.push(stored);
    else {
      this.#groups.set(MessageGroupId, [stored]);
      this.#enter(stored);
    }
    this.#byHandle.set(id, stored);
  }

  /** The message that is visible longest, which is then hidden for three minutes. */
  receive(): Message | undefined {
    const now = Date.now();
    const [first] = this.#heads;
    if (!first || first.visibleAt > now) return undefined;
    first.receives += 1;
    this.#show(first, now + 180_000);
    const id = String(first.message.MessageId);
    this.handOuts.set(id, first.receives);
    const Attributes = { ...first.message.Attributes, ApproximateReceiveCount: String(first.receives) };
    return { ...first.message, Attributes };
  }

  delete(handle: string): void {
    const stored = this.#byHandle.get(handle);
    if (!stored) return;
    this.#byHandle.delete(handle);
    const group = this.#groups.get(stored.group) ?? [];
    const isHead = group[0] === stored;
    group.splice(group.indexOf(stored), 1);
    if (isHead) this.#heads.splice(this.#heads.indexOf(stored), 1);
    const [next] = group;
    if (!next) this.#groups.delete(stored.group);
    else if (isHead) this.#enter(next);
  }

  hide(handle: string, seconds: number): void {
    const stored = this.#byHandle.get(handle);
    if (stored) this.#show(stored, Date.now() + seconds * 1000);
  }

  /** When the next message is visible. */
  get nextAt(): number | undefined {
    return this.#heads[0]?.visibleAt;
  }

  /** Changes when a message is visible. */
  #show(stored: Stored, at: number): void {
    const place = this.#heads.indexOf(stored);
    stored.visibleAt = at;
    if (place === -1) return;
    this.#heads.splice(place, 1);
    this.#enter(stored);
  }

  #enter(head: Stored): void {
    const before = this.#heads.findLastIndex(
      ({ visibleAt, order }) =>
        visibleAt < head.visibleAt || (visibleAt === head.visibleAt && order < head.order),
    );
    this.#heads.splice(before + 1, 0, head);
  }

  get size(): number {
    return this.#byHandle.size;
  }
}

/** The client of the job queue and the dead letters behind it. */
export function virtualSqs(jobs: VirtualQueue, dead: VirtualQueue, deadLetterUrl: string): Services['sqs'] {
  const run = (name: string, input: Entry & { QueueUrl: string; Entries: Entry[] }) => {
    const queue = input.QueueUrl === deadLetterUrl ? dead : jobs;
    if (name === 'SendMessageCommand') queue.send(input);
    else if (name === 'SendMessageBatchCommand') for (const entry of input.Entries) queue.send(entry);
    else if (name === 'GetQueueAttributesCommand') {
      const counts = { ApproximateNumberOfMessages: queue.size, ApproximateNumberOfMessagesNotVisible: 0 };
      return { Attributes: counts };
    } else if (name === 'ChangeMessageVisibilityCommand') {
      const { ReceiptHandle, VisibilityTimeout } = input as never as Record<string, string>;
      queue.hide(String(ReceiptHandle), Number(VisibilityTimeout));
    } else throw new Error(`The virtual queue knows no ${name}.`);
    return {};
  };
  return {
    send: (command: { input: unknown }) =>
      Promise.resolve().then(() => run(command.constructor.name, command.input as never)),
  } as unknown as Services['sqs'];
}
