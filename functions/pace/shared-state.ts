import type { Random } from '../random.ts';
import type { UserTable } from '../users/user-table.ts';
import { type Local, newLocal } from './local.ts';
import { type PaceChange, type PaceState, readPace, writePace } from './pace-item.ts';

/** What a process remembers of a connection between its invocations. */
export interface Memory {
  /** As it was read or written last; undefined before that. */
  known: { state: PaceState | undefined } | undefined;
  local: Local;
  /** Writes of one process go one after the other: they would only refuse each other. */
  writing: Promise<unknown>;
}

/** By connection. Shared by the invocations of a process. */
export type PaceMemory = Map<string, Memory>;

export interface SharedStateOptions {
  connection: string;
  table: UserTable;
  random: Random;
  memories: PaceMemory;
  /** It could not be written. */
  onProblem: (error: unknown) => void;
}

/** What all functions know of a connection, and a way to change it that loses nobody's change. */
export interface SharedState {
  readonly current: PaceState | undefined;
  local: Local;
  now(): number;
  /** Takes over what was read from the table. */
  see(state: PaceState | undefined): void;
  /** Reads it, unless this process knows it already. */
  load(): Promise<void>;
  /** Changes it from what it is by then. Nothing is written when there is no change. */
  change(change: (state: PaceChange) => PaceChange | undefined): Promise<void>;
}

/** Whoever has lost against others so often does without. */
const writeTries = 5;

function memoryOf(memories: PaceMemory, connection: string): Memory {
  const known = memories.get(connection);
  if (known) return known;
  const fresh: Memory = { known: undefined, local: newLocal(), writing: Promise.resolve() };
  memories.set(connection, fresh);
  return fresh;
}

/** The item of a connection, by way of this process's memory of it. */
export function sharedState(options: SharedStateOptions): SharedState {
  const { connection, table, random, memories, onProblem } = options;
  const memory = memoryOf(memories, connection);
  const see = (state: PaceState | undefined) => {
    memory.known = { state };
  };

  async function tryChange(change: (state: PaceChange) => PaceChange | undefined): Promise<void> {
    for (let tries = 1; tries <= writeTries; tries += 1) {
      const before = memory.known?.state;
      const { local } = memory;
      const after = change(before ?? {});
      if (!after) return;
      const stamped = { ...after, stamp: random.uuid() };
      see(after.rate || after.access ? stamped : undefined);
      try {
        if (await writePace(table, connection, before, stamped)) return;
        see(await readPace(table, connection));
      } catch (error) {
        // It holds in this process at least.
        onProblem(error);
        return;
      }
      memory.local = local;
    }
  }

  return {
    get current() {
      return memory.known?.state;
    },
    get local() {
      return memory.local;
    },
    set local(local) {
      memory.local = local;
    },
    now: () => table.now().getTime(),
    see,
    async load() {
      if (!memory.known) see(await readPace(table, connection));
    },
    change(change) {
      const done = memory.writing.then(() => tryChange(change));
      memory.writing = done.catch(() => undefined);
      return done;
    },
  };
}
