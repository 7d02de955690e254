import type { Services } from '../runtime/services.ts';

/** What a process has seen of a connection: how many jobs at once went well, and when the last one did. */
interface Proven {
  size: number;
  at: number;
}

/** By connection. */
export type ProvenSizes = Map<string, Proven>;

/** What was proven is forgotten after so long, in milliseconds: the CRM may be called by others by now. */
const provenMs = 60_000;

/** Lets the jobs of one batch begin. */
export interface Gate {
  /** The connection has a rate. */
  isOneByOne(connection: string): boolean;
  /** Resolves when a job of this connection may begin. */
  enter(connection: string): Promise<void>;
  /** It has ended. */
  leave(connection: string, isDone: boolean): void;
}

/**
 * Jobs of a batch begin one by one at first, and with each that is done one more at once: a CRM whose limit nobody knows yet is not
 * asked ten times before its first answer. While the connection has a rate, each is asked for by itself, as if it were alone.
 */
export function openGate({ paceMemory, now }: Services, proven: ProvenSizes): Gate {
  const lines = new Map<string, { busy: number; waiting: (() => void)[] }>();

  const lineOf = (connection: string) => {
    const line = lines.get(connection) ?? { busy: 0, waiting: [] };
    lines.set(connection, line);
    return line;
  };

  const isOneByOne = (connection: string) => paceMemory.get(connection)?.known?.state?.rate !== undefined;

  function most(connection: string): number {
    if (isOneByOne(connection)) return 1;
    const { size, at } = proven.get(connection) ?? { size: 1, at: 0 };
    return now().getTime() - at < provenMs ? size : 1;
  }

  function letIn(connection: string): void {
    const line = lineOf(connection);
    while (line.waiting.length > 0 && line.busy < most(connection)) {
      line.busy += 1;
      line.waiting.shift()?.();
    }
  }

  return {
    isOneByOne,
    async enter(connection) {
      await new Promise<void>((resolve) => {
        lineOf(connection).waiting.push(resolve);
        letIn(connection);
      });
    },
    leave(connection, isDone) {
      lineOf(connection).busy -= 1;
      if (isOneByOne(connection)) proven.delete(connection);
      else if (isDone) proven.set(connection, { size: most(connection) + 1, at: now().getTime() });
      letIn(connection);
    },
  };
}
