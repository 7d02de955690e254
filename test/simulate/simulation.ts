import { backOffSeconds, limits } from '../../functions/jobs/back-off.ts';
import { behindSeconds, standing } from '../../functions/pace/behind.ts';
import { front, sleepSeconds } from '../../functions/pace/line.ts';
import { counted, decide, type Local, newLocal, upToDate } from '../../functions/pace/local.ts';
import { failed, isContactsOwn, type LaneName, limited, type Rate } from '../../functions/pace/rate.ts';
import { seededRandom } from '../integration/seeded-random.ts';
import type { Cell, Result } from './cell.ts';
import { type Broken, CrmModel, type Outcome } from './crm-model.ts';
import { Events } from './events.ts';

interface Job {
  lane: LaneName;
  born: number;
  broken: Broken | undefined;
  failures: number;
  own: number;
  handOuts: number;
  failedAt?: number;
  ticket?: number | undefined;
}

const [handOutMs, fronts] = [20, 64] as const;

/** The pace's pure state with thousands of functions in virtual time: no I/O, and nothing but the CRM is made up. */
class Simulation {
  readonly #cell: Cell;
  readonly #crm: CrmModel;
  readonly #events = new Events<() => void>();
  readonly #queue = new Events<Job>();
  readonly #idle: number[];
  readonly #locals: Local[];
  readonly #random = seededRandom(1);
  #rate: Rate | undefined;
  #now = 0;
  #pollAt = Number.POSITIVE_INFINITY;
  #healthy = 0;
  #jobs = 0;
  #doneAt = 0;
  #handOuts = 0;
  #mostHandOuts = 0;
  #writes = 0;
  #dead = 0;
  #longestLiveWait = 0;

  constructor(cell: Cell) {
    this.#cell = cell;
    this.#crm = new CrmModel(cell);
    this.#idle = Array.from({ length: cell.workers }, (_, worker) => worker);
    this.#locals = Array.from({ length: cell.workers + fronts }, newLocal);
  }

  run(): Result {
    const { contacts, broken, live } = this.#cell;
    const every = broken ? Math.round(1 / broken.share) : Number.POSITIVE_INFINITY;
    for (let index = 0; index < contacts; index += 1) {
      this.#queue.add(0, this.#job('batch', index % every === 1 ? broken?.how : undefined));
    }
    for (let index = 0; live && index < live.perSecond * live.seconds; index += 1) {
      const at = (index * 1000) / live.perSecond;
      const job = { ...this.#job('live', undefined), born: at };
      this.#events.add(at, () => this.#webhook(job, index % fronts));
    }
    this.#poll();
    while (this.#healthy > 0) {
      const event = this.#events.take();
      if (!event) break;
      this.#now = event.at;
      event.what();
    }
    return {
      calls: this.#crm.calls,
      refusals: this.#crm.refusals,
      outageCalls: this.#crm.outageCalls,
      handOuts: { mean: this.#handOuts / Math.max(this.#jobs, 1), most: this.#mostHandOuts },
      writes: this.#writes,
      doneAfter: this.#doneAt / 1000,
      longestLiveWait: this.#longestLiveWait / 1000,
      dead: this.#dead,
    };
  }

  #job(lane: LaneName, broken: Broken | undefined): Job {
    this.#jobs += 1;
    if (broken === undefined) this.#healthy += 1;
    return { lane, born: 0, broken, failures: 0, own: 0, handOuts: 0 };
  }

  #after(ms: number, what: () => void): void {
    this.#events.add(this.#now + ms, what);
  }

  #write(rate: Rate | 'over' | undefined): void {
    if (rate === undefined) return;
    this.#writes += 1;
    this.#rate = rate === 'over' ? undefined : rate;
  }

  /** A webhook calls at once, or its job waits in the line. */
  #webhook(job: Job, process: number): void {
    const enqueue = () => {
      this.#queue.add(this.#now, job);
      this.#poll();
    };
    this.#try(job, this.#cell.workers + process, { isPassing: true, done: () => undefined, rest: enqueue });
  }

  #poll(): void {
    while (this.#idle.length > 0 && (this.#queue.nextAt ?? Number.POSITIVE_INFINITY) <= this.#now) {
      const job = this.#queue.take()?.what;
      const worker = this.#idle.pop();
      if (job && worker !== undefined) this.#work(job, worker);
    }
    const next = this.#queue.nextAt;
    if (next === undefined || this.#idle.length === 0 || next >= this.#pollAt) return;
    this.#pollAt = next;
    this.#events.add(next, () => {
      this.#pollAt = Number.POSITIVE_INFINITY;
      this.#poll();
    });
  }

  #work(job: Job, worker: number): void {
    this.#handOuts += 1;
    job.handOuts += 1;
    this.#mostHandOuts = Math.max(this.#mostHandOuts, job.handOuts);
    const free = () => {
      this.#idle.push(worker);
      this.#poll();
    };
    const rest = (seconds: number) => {
      this.#queue.add(this.#now + seconds * 1000, job);
      free();
    };
    this.#after(handOutMs, () => this.#try(job, worker, { isPassing: false, done: free, rest }));
  }

  #try(job: Job, process: number, way: Way): void {
    const rate = this.#rate;
    if (!rate) {
      this.#call(job, process, undefined, way);
      return;
    }
    const asking = way.isPassing ? { lane: job.lane } : standing(job.lane, job.failures, job.ticket);
    const local = this.#locals[process] ?? newLocal();
    const decision = decide(rate, local, { ...asking, isPassing: way.isPassing }, this.#now);
    this.#locals[process] = decision.local;
    this.#write(decision.write);
    if (decision.go) {
      const { epoch } = decision;
      this.#events.add(decision.at, () => this.#call(job, process, epoch, way));
      return;
    }
    const { ticket } = decision;
    if (!way.isPassing && ticket !== front) job.ticket = ticket;
    const sleep = sleepSeconds(decision.rate, { lane: asking.lane, ticket }, this.#now);
    const isPatient = ticket === front && (job.failures > 1 || rate.reason === 'unavailable');
    way.rest(Math.max(sleep, isPatient ? this.#behind(decision.rate, job) : 0));
  }

  #behind = (rate: Rate, { failures }: Job) =>
    Math.ceil(behindSeconds(rate, failures, this.#random.int(1000) / 1000, this.#now));

  #call(job: Job, process: number, epoch: number | undefined, way: Way): void {
    const outcome = this.#crm.call(job.broken, this.#now);
    this.#after(outcome.ms, () => {
      if (outcome.answer === 'ok') this.#succeed(job, process, way);
      else this.#fail(job, process, { outcome, epoch, way });
    });
  }

  #succeed(job: Job, process: number, way: Way): void {
    if (this.#rate) {
      const step = counted(this.#rate, this.#locals[process] ?? newLocal(), this.#now);
      this.#locals[process] = step.local;
      this.#write(step.write);
    }
    this.#healthy -= 1;
    this.#doneAt = this.#now;
    if (job.lane === 'live') this.#longestLiveWait = Math.max(this.#longestLiveWait, this.#now - job.born);
    way.done();
  }

  #fail(job: Job, process: number, failure: Failure): void {
    const isRefused = failure.outcome.answer === 'refused';
    const isOwn = isRefused || isContactsOwn(this.#rate, job.failedAt, this.#now);
    const isFirst = job.failedAt === undefined;
    job.failedAt = this.#now;
    job.failures += 1;
    job.ticket = undefined;
    if (isOwn) this.#failOwn(job, process, failure);
    else this.#slowDown(job, process, failure, isFirst);
  }

  #failOwn(job: Job, process: number, { outcome: { answer, namedMs = 0 }, way }: Failure): void {
    const { rate, local } = upToDate(this.#rate, this.#locals[process] ?? newLocal(), this.#now);
    job.own += 1;
    if (rate && answer !== 'refused') {
      this.#locals[process] = local;
      this.#write({ ...rate, own: rate.own + 1 });
    }
    const isOver = job.own >= (answer === 'refused' ? limits.refusals : limits.failures);
    if (isOver) {
      this.#dead += 1;
      way.done();
    } else way.rest(backOffSeconds(job.own, namedMs / 1000, this.#random));
  }

  #slowDown(job: Job, process: number, { outcome, epoch, way }: Failure, isFirst: boolean): void {
    const { answer, namedMs } = outcome;
    if (this.#rate?.epoch === epoch) {
      const { rate, local } = upToDate(this.#rate, this.#locals[process] ?? newLocal(), this.#now);
      this.#locals[process] = local;
      const refusal = { namedMs: isFirst ? namedMs : undefined };
      this.#write(
        answer === 'limited' ? limited(rate, refusal, this.#now) : failed(rate, refusal, this.#now),
      );
    }
    const rate = this.#rate;
    const pause = Math.max(namedMs ?? 0, (rate?.live.next ?? 0) - this.#now) / 1000;
    way.rest(Math.ceil(pause + (rate ? this.#behind(rate, job) : 1)));
  }
}

/** What becomes of whoever has asked. */
interface Way {
  isPassing: boolean;
  done: () => void;
  rest: (seconds: number) => void;
}

interface Failure {
  outcome: Outcome;
  epoch: number | undefined;
  way: Way;
}

export const simulate = (cell: Cell): Result => new Simulation(cell).run();
