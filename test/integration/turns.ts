/** Which of those that could go on does, and whether its write is lost: nobody hears of it, and it is carried out later. */
export interface Turn {
  who: number;
  /** How many calls it may make in a row. */
  calls: number;
  isLost: boolean;
}

/** A call that waits for its turn. */
interface Waiting {
  go: () => void;
  /** Gives the call up for its caller, and answers what is still to be carried out. */
  lose?: () => () => Promise<unknown>;
}

/** Lets several workers run one at a time, each as far as its next call, in an order that is given. */
export class Turns {
  #waiting: Waiting[] = [];
  #running = 0;
  #stopped: () => void = () => undefined;

  /** Waits for a turn, then runs. `onLoss` is thrown in place of the result when it is lost. */
  call<Result>(run: () => Promise<Result>, onLoss?: () => Error): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const lose = () => {
      reject(onLoss?.());
      return run;
    };
    this.#waiting.push({ go: () => void run().then(resolve, reject), ...(onLoss ? { lose } : {}) });
    this.#stop();
    return promise;
  }

  /** Runs workers until all are over and everything is carried out. */
  async run(workers: readonly (() => Promise<void>)[], order: readonly Turn[]): Promise<void> {
    for (const worker of workers) {
      await this.#until(() => void worker().finally(() => this.#stop()));
    }
    // Whoever has just made a call is the last in line.
    const steps = order.flatMap(({ who, calls, isLost }) => [
      { who, isLost },
      ...Array.from({ length: calls - 1 }, () => ({ who: -1, isLost: false })),
    ]);
    for (let n = 0; this.#waiting.length > 0; n += 1) {
      const { who, isLost } = steps[n] ?? { who: 0, isLost: false };
      const [next] = this.#waiting.splice(who < 0 ? -1 : who % this.#waiting.length, 1);
      if (isLost && next?.lose) {
        const { lose } = next;
        await this.#until(() => this.#later(lose()));
      } else if (next) await this.#until(next.go);
    }
  }

  /** Another thing that waits for its turn, whose outcome nobody hears of. */
  #later(run: () => Promise<unknown>): void {
    const go = () =>
      void run().then(
        () => this.#stop(),
        () => this.#stop(),
      );
    this.#waiting.push({ go });
  }

  /** Starts somebody, and waits until it is over or waits for its next turn. */
  #until(start: () => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running = 1;
    this.#stopped = resolve;
    start();
    return promise;
  }

  #stop(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#stopped();
  }
}
