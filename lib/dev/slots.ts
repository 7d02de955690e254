import { AsyncLocalStorage } from 'node:async_hooks';

/** One invocation: whether it has a slot now, and whether it has ended. */
interface Turn {
  holds: boolean;
  isOver: boolean;
}

/**
 * Lets so many invocations work at once; the others stand in line.
 *
 * On AWS each invocation has a processor of its own. Here all share one, and a few hundred at once would each be so slow
 * that their time-outs fire. Who waits for somebody outside does not need the processor, and gives its slot back meanwhile.
 */
export class Slots {
  #free: number;
  readonly #coming: (() => void)[] = [];
  /** They go first: their time is running. */
  readonly #returning: (() => void)[] = [];
  /** They go last: nobody waits for an answer. */
  readonly #patient: (() => void)[] = [];
  readonly #turns = new AsyncLocalStorage<Turn>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Runs an invocation when it is its turn. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#run(this.#coming, work);
  }

  /** Runs one that nobody waits for, as soon as nobody else stands in line. */
  runPatiently<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#run(this.#patient, work);
  }

  async #run<Result>(line: (() => void)[], work: () => Promise<Result>): Promise<Result> {
    await this.#take(line);
    const turn: Turn = { holds: true, isOver: false };
    try {
      return await this.#turns.run(turn, work);
    } finally {
      turn.isOver = true;
      if (turn.holds) this.#give();
    }
  }

  /** Waits for somebody outside, without the slot of the invocation that calls it. Outside of `run` it only waits. */
  async without<Result>(wait: () => Promise<Result>): Promise<Result> {
    const turn = this.#turns.getStore();
    if (!turn?.holds) return wait();
    turn.holds = false;
    this.#give();
    try {
      return await wait();
    } finally {
      if (!turn.isOver) {
        await this.#take(this.#returning);
        turn.holds = true;
      }
    }
  }

  async #take(line: (() => void)[]): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => line.push(resolve));
  }

  /** Hands the slot to the next in line. */
  #give(): void {
    const next = this.#returning.shift() ?? this.#coming.shift() ?? this.#patient.shift();
    if (next) next();
    else this.#free += 1;
  }
}
