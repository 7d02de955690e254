import type { Message } from '@aws-sdk/client-sqs';
import type { Services } from '../../functions/runtime/services.ts';

interface Stored {
  message: Message;
  group: string;
  visibleAt: number;
  receives: number;
}

interface Group {
  group: readonly Stored[];
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
  readonly #groups = new Map<string, Stored[]>();
  readonly #byHandle = new Map<string, Stored>();
  #sent = 0;
  /** What `#first` found last; undefined when it has to look again. */
  #found: { first: Group | undefined } | undefined;
  /** Hand-outs by message. */
  readonly handOuts = new Map<string, number>();

  send({ MessageBody = '', MessageGroupId = '', MessageDeduplicationId = '' }: Entry): void {
    this.#sent += 1;
    const id = String(this.#sent);
    const Attributes = { MessageGroupId, MessageDeduplicationId };
    const stored = {
      message: { MessageId: id, ReceiptHandle: id, Body: MessageBody, Attributes },
      group: MessageGroupId,
      visibleAt: Date.now(),
      receives: 0,
    };
    this.#groups.set(MessageGroupId, [...(this.#groups.get(MessageGroupId) ?? []), stored]);
    this.#byHandle.set(id, stored);
    this.#found = undefined;
  }

  /**
   * The messages that are visible longest, which are then hidden for three minutes: with each as many of its group as there is room
   * for, as SQS does it.
   */
  receive(most: number): Message[] {
    const now = Date.now();
    const messages: Message[] = [];
    for (;;) {
      const first = this.#first();
      if (!first || first.visibleAt > now || messages.length === most) return messages;
      this.#found = undefined;
      for (const stored of first.group.slice(0, most - messages.length))
        messages.push(this.#handOut(stored, now));
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
    const rest = (this.#groups.get(stored.group) ?? []).filter((one) => one !== stored);
    if (rest.length === 0) this.#groups.delete(stored.group);
    else this.#groups.set(stored.group, rest);
    this.#byHandle.delete(handle);
    this.#found = undefined;
  }

  hide(handle: string, seconds: number): void {
    const stored = this.#byHandle.get(handle);
    if (stored) stored.visibleAt = Date.now() + seconds * 1000;
    this.#found = undefined;
  }

  /** When the next message is visible. */
  get nextAt(): number | undefined {
    return this.#first()?.visibleAt;
  }

  /** The group that is visible first. While one of its messages is hidden, none of them is handed out. */
  #first(): Group | undefined {
    if (this.#found) return this.#found.first;
    let first: Group | undefined;
    for (const group of this.#groups.values()) {
      let visibleAt = 0;
      for (const one of group) visibleAt = Math.max(visibleAt, one.visibleAt);
      if (!first || visibleAt < first.visibleAt) first = { group, visibleAt };
    }
    this.#found = { first };
    return first;
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
