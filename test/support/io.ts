import type { Transport } from '../../functions/crm/transport.ts';
import { createKeyRing, type KeyRing } from '../../functions/runtime/key-ring.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { secretId } from '../../lib/dev/local-connections.ts';

export type IoService = 'dynamodb' | 'sqs' | 'ses' | 'secretsmanager' | 'crm';

/** One call that the function makes to something outside its process. */
export interface IoCall {
  service: IoService;
  /** The SDK's command without its ending, `Get`, `TransactWrite`; of a CRM call its method, `GET`. */
  name: string;
  input: unknown;
  /** Ends the call when the function does not wait any longer. */
  signal: AbortSignal | undefined;
}

/** What a test does around a call: look, wait, or throw in its place. */
type Hook = (call: IoCall) => Promise<void> | void;

/** Thrown by every call of a process that is no more. */
export class ProcessDied extends Error {
  override name = 'ProcessDied';
}

/** Everything the function says to the outside world, counted and under the test's control. */
export interface Io {
  /** Give this to the stack: `startTestStack({ adjust: io.adjust })`. */
  adjust: (services: Services) => Services;
  /** Since the start or the last `clear`, in order of their beginning; a test's own calls through the stack count too. */
  calls: IoCall[];
  clear(): void;
  /** How many calls of a service, or of its calls with one of these names. */
  count(service: IoService, ...names: string[]): number;
  /** Before the call goes out, and after its answer has come. */
  before: Hook | undefined;
  after: Hook | undefined;
  /**
   * Ends the process at its nth call from now (0 is one under way): before it goes out, or after it was carried out but
   * not yet heard of. All further calls fail as well.
   */
  crashAt(n: number, when: 'before' | 'after'): void;
  readonly isDead: boolean;
  /** A new process: nothing cached, no faults. */
  revive(): void;
  /** The function's clock, which stands still until a test moves it. */
  now(): Date;
  advance(ms: number): void;
}

interface Sender {
  send: (...args: never[]) => unknown;
}

/** A new Io. `isPatient: false` skips the function's own pauses, for runs without concurrency. */
export function createIo({ isPatient = true } = {}): Io {
  let time = Date.now();
  let crash: { n: number; when: 'before' | 'after' } | undefined;
  let isDead = false;
  let made = 0;
  let newRing: () => KeyRing | undefined = () => undefined;
  let ring: KeyRing | undefined;

  function dieAt(n: number, when: 'before' | 'after'): void {
    if (crash?.n === n && crash.when === when) isDead = true;
    if (isDead) throw new ProcessDied();
  }

  async function through<Result>(call: IoCall, send: () => Promise<Result>): Promise<Result> {
    made += 1;
    const n = made;
    io.calls.push(call);
    dieAt(n, 'before');
    await io.before?.(call);
    const result = await send();
    await io.after?.(call);
    dieAt(n, 'after');
    return result;
  }

  function watched<Client extends Sender>(client: Client, service: IoService): Client {
    const send = (command: { input: unknown }, options: { abortSignal?: AbortSignal } = {}) => {
      const name = command.constructor.name.replace(/Command$/, '');
      const call = { service, name, input: command.input, signal: options.abortSignal };
      return through(call, () => client.send(command as never, options as never) as Promise<unknown>);
    };
    return Object.create(client, { send: { value: send } }) as Client;
  }

  const io: Io = {
    calls: [],
    before: undefined,
    after: undefined,
    adjust(services) {
      const secrets = watched(services.secrets, 'secretsmanager');
      const secretIds = Object.fromEntries(
        Object.keys(services.config.connections).map((name) => [name, secretId(name)]),
      );
      newRing = () =>
        createKeyRing({
          secrets,
          secretIds,
          now: io.now,
          onProblem: (connection) => services.log.problem('secret unreadable', { connection }),
        });
      const keyRing = () => {
        ring ??= newRing();
        return ring as KeyRing;
      };
      const transport: Transport = (request, signal) =>
        through({ service: 'crm', name: request.method, input: request, signal }, () =>
          services.transport(request, signal),
        );
      return {
        ...services,
        documents: watched(services.documents, 'dynamodb'),
        sqs: watched(services.sqs, 'sqs'),
        ses: watched(services.ses, 'ses'),
        secrets,
        transport,
        keyRing: {
          connectionOf: (key) => keyRing().connectionOf(key),
          credentials: (connection) => keyRing().credentials(connection),
          webhookSecret: (connection) => keyRing().webhookSecret(connection),
          doubt: () => keyRing().doubt(),
        },
        now: io.now,
        sleep: isPatient ? services.sleep : () => Promise.resolve(),
      };
    },
    clear() {
      io.calls.length = 0;
    },
    count: (service, ...names) =>
      io.calls.filter((call) => call.service === service && (names.length === 0 || names.includes(call.name)))
        .length,
    crashAt(n, when) {
      crash = { n: made + n, when };
    },
    get isDead() {
      return isDead;
    },
    revive() {
      crash = undefined;
      isDead = false;
      io.before = undefined;
      io.after = undefined;
      ring = undefined;
    },
    now: () => new Date(time),
    advance(ms) {
      time += ms;
    },
  };
  return io;
}
