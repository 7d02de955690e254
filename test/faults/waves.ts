import type { Delivery } from './draft.ts';
import { type EditPorts, edit } from './edits.ts';
import type { FaultyAws } from './faulty-aws.ts';
import type { JobConsumer } from './job-consumer.ts';
import type { JumpingClock } from './jumping-clock.ts';
import { isPromised, type Person } from './person.ts';
import type { Plan, Step } from './plan.ts';
import type { Sender } from './sender.ts';
import type { SoakOptions } from './soak-options.ts';
import { fairWeather, pauseAfter, type Weather, weatherOf } from './weather.ts';

export interface WavePorts {
  options: SoakOptions;
  people: readonly Person[];
  connections: readonly string[];
  edits: EditPorts;
  sender: Sender;
  consumer: JobConsumer;
  aws: FaultyAws;
  clock: JumpingClock;
  setWeather: (weather: Weather) => void;
  /** Told after each wave, when nothing is under way, with whom it edited. */
  onWave: (wave: number, edited: ReadonlySet<Person>) => Promise<void>;
}

/** Rounds in which webhooks that got no 2xx are sent again; in the last ones nothing goes wrong. */
const closingRounds = 20;
const stormyRounds = 4;
/** Every rest is at most some hours, and a job has some dozens of them. */
const mostDrains = 5000;
const drainStepMs = 60_000;

/** One of two contacts of each human gets another address, and the automations of both CRMs react. */
function lastMoves(people: readonly Person[]): Step[] {
  return people.flatMap((person): Step[] => {
    const { isMover, twin } = person;
    if (!twin || !isMover || person.contactId === undefined || twin.contactId === undefined) return [];
    const webhooks = [twin, person, twin].map((one): Step => {
      const delivery = {
        index: one.n,
        action: 'update',
        isAsync: false,
        people: [one],
        patience: 2,
      } as const;
      return { delivery };
    });
    return [{ edit: 'move', person }, ...webhooks];
  });
}

/** Runs the waves of a plan. Within a wave all runs at once; between two, time passes and rested jobs come back. */
export class Waves {
  readonly #ports: WavePorts;
  #wave = 0;

  constructor(ports: WavePorts) {
    this.#ports = ports;
  }

  async run(plan: Plan): Promise<void> {
    while (!plan.isOver) await this.#storm(plan.wave());
    await this.#close();
    await this.#drain();
    // By now both contacts of every human are linked.
    const moves = lastMoves(this.#ports.people);
    if (moves.length === 0) return;
    await this.#storm(moves);
    await this.#close();
    await this.#drain();
  }

  async #storm(steps: readonly Step[]): Promise<void> {
    const { options, connections } = this.#ports;
    this.#ports.setWeather(weatherOf(options.seed, this.#wave, connections, options.families));
    await this.#play(steps);
    await this.#pass(pauseAfter(options.seed, this.#wave));
  }

  /** Sends webhooks for whoever was changed and has no promise yet, until all have one. */
  async #close(): Promise<void> {
    for (let round = 0; round < closingRounds; round += 1) {
      const open = this.#ports.people.filter((person) => !isPromised(person));
      if (open.length === 0) return;
      const steps = open.map((person, index): Step => {
        const delivery: Delivery = { index, action: 'add', isAsync: false, people: [person], patience: 2 };
        return { delivery };
      });
      if (round < stormyRounds) await this.#storm(steps);
      else {
        this.#ports.setWeather(fairWeather);
        await this.#play(steps);
        await this.#pass(drainStepMs);
      }
    }
  }

  /** Nothing goes wrong any more; time passes until the queue is empty. */
  async #drain(): Promise<void> {
    const { consumer, clock, setWeather } = this.#ports;
    setWeather(fairWeather);
    for (let count = 0; count < mostDrains && (await consumer.waiting()) > 0; count += 1) {
      const due = consumer.nextDue;
      const ahead = due === undefined ? 0 : Math.max(due - clock.now().getTime(), 0);
      await this.#pass(ahead + drainStepMs);
      await this.#play([]);
    }
  }

  async #pass(ms: number): Promise<void> {
    this.#ports.clock.jump(ms);
    await this.#ports.consumer.wake();
  }

  /** Begins the steps in their order, some at a time, while the queue's jobs are worked on. */
  async #play(steps: readonly Step[]): Promise<void> {
    const { options, consumer, aws, edits, sender, onWave } = this.#ports;
    const next = steps.values();
    const wave = this.#wave;
    const edited = new Set<Person>();
    let isOver = false;
    const play = async () => {
      for (const step of next) {
        if ('edit' in step) for (const person of edit(step.person, step.edit, edits)) edited.add(person);
        else await sender.send(step.delivery, `wave ${wave} delivery ${step.delivery.index}`);
      }
    };
    const playing = Promise.all(Array.from({ length: options.concurrency }, play)).finally(() => {
      isOver = true;
    });
    await Promise.all([playing, consumer.run(() => isOver)]);
    await aws.settled();
    edits.crm.clearFaults();
    this.#wave += 1;
    await onWave(wave, edited);
  }
}
