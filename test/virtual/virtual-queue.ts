import type { Message } from '@aws-sdk/client-sqs';
import type { Services } from '../../functions/runtime/services.ts';

interface Stored {
  message: Message;
  group: Group;
  visibleAt: number;
  receives: number;
}

interface Group {
  name: string;
  /** When it was new, as a number that grows. */
  order: number;
  messages: Stored[];
  /** When the last of them is visible: while one is hidden, none is handed out. */
  visibleAt: number;
}

interface Entry {
  Id?: string;
  MessageBody?: string;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

/** A FIFO queue of SQS by the clock of the test: order within a group, visibility, counts of hand-outs. */
export class VirtualQueue {
  readonly #groups = new Map<string, Group>();
  readonly #byHandle = new Map<string, Stored>();
  /** The groups by when they are visible: to look for the first among thousands at every step takes too long. */
  readonly #inLine: Group[] = [];
  #sent = 0;
  /** Hand-outs by message. */
  readonly handOuts = new Map<string, number>();

  send({ MessageBody = '', MessageGroupId = '', MessageDeduplicationId = '' }: Entry): void {
    this.#sent += 1;
    const id = String(this.#sent);
    const Attributes = { MessageGroupId, MessageDeduplicationId };
    const known = this.#groups.get(MessageGroupId);
    const group = known ?? { name: MessageGroupId, order: this.#sent, messages: [], visibleAt: 0 };
    this.#groups.set(MessageGroupId, group);
    const message = { MessageId: id, ReceiptHandle: id, Body: MessageBody, Attributes };
    const stored = { message, group, visibleAt: Date.now(), receives: 0 };
    group.messages.push(stored);
    this.#byHandle.set(id, stored);
    this.#place(group);
  }

  /**
   * The messages that are visible longest, which are then hidden for three minutes: with each as many of its group as there is room
   * for, as SQS does it.
   */
  receive(most: number): Message[] {
    const now = Date.now();
    const messages: Message[] = [];
    for (;;) {
      const [first] = this.#inLine;
      if (!first || first.visibleAt > now || messages.length === most) return messages;
      for (const stored of first.messages.slice(0, most - messages.length))
        messages.push(this.#handOut(stored, now));
      this.#place(first);
    }
  }

  #handOut(stored: Stored, now: number): Message {
    stored.receives += 1;
    stored.visibleAt = now + 180_000;
    const id = String(stored.message.MessageId);
    this.handOuts.set(id, stored.receives);
    const Attributes = { ...stored.message.Attributes, ApproximateReceiveCount: String(stored.receives) };
    return { ...stored.message, Attributes };
  }

  delete(handle: string): void {
    const stored = this.#byHandle.get(handle);
    if (!stored) return;
    const { group } = stored;
    this.#byHandle.delete(handle);
    group.messages.splice(group.messages.indexOf(stored), 1);
    if (group.messages.length === 0) this.#groups.delete(group.name);
    this.#place(group);
  }

  hide(handle: string, seconds: number): void {
    const stored = this.#byHandle.get(handle);
    if (!stored) return;
    stored.visibleAt = Date.now() + seconds * 1000;
    this.#place(stored.group);
  }

  /** When the next message is visible. */
  get nextAt(): number | undefined {
    return this.#inLine[0]?.visibleAt;
  }

  /** Gives a group its place in line anew, or none if it is empty. */
  #place(group: Group): void {
    const place = this.#inLine.indexOf(group);
    if (place !== -1) this.#inLine.splice(place, 1);
    if (group.messages.length === 0) return;
    group.visibleAt = Math.max(...group.messages.map(({ visibleAt }) => visibleAt));
    const { visibleAt, order } = group;
    const before = this.#inLine.findLastIndex(
      (other) => other.visibleAt < visibleAt || (other.visibleAt === visibleAt && other.order < order),
    );
    this.#inLine.splice(before + 1, 0, group);
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
