import { decide, weighted } from './decide.ts';
import type { Family } from './soak-options.ts';

/**
 * What a CRM account is like for a while. `limiting`: 429 now and then; `pausing`: a 429 that names a time, and until then
 * nothing else; `bucket`: 429 for what exceeds a rate, which may tell when to come again; `down`: 5xx, resets and hangs only;
 * `locked-out`: 401 only.
 */
export type CrmWeather =
  | 'fair'
  | 'flaky'
  | 'slow'
  | 'limiting'
  | 'pausing'
  | 'bucket'
  | 'bucket that tells'
  | 'down'
  | 'locked-out';

/** Per cent of the calls that meet a fault. */
export interface AwsWeather {
  dynamodb: number;
  sqs: number;
  ses: number;
}

/** What the world is like during one wave of deliveries. */
export interface Weather {
  crm: Readonly<Record<string, CrmWeather>>;
  aws: AwsWeather;
  /** Real milliseconds that a webhook may take before it goes to the queue. */
  budgetMs: number;
  /** Per cent of the invocations that die. */
  killed: number;
}

/** Enough for a second look at a late contact, or too little: then whatever is slow ends sooner, and with it the wave. */
const [patientMs, hastyMs] = [2400, 1200] as const;

/** Nothing goes wrong. */
export const fairWeather: Weather = {
  crm: {},
  aws: { dynamodb: 0, sqs: 0, ses: 0 },
  budgetMs: patientMs,
  killed: 0,
};

const familyOf = (weather: CrmWeather): Family => (weather.startsWith('bucket') ? 'buckets' : 'crm');

const fairWeight = 41;
const crmWeathers = [
  [22, 'flaky'],
  [6, 'slow'],
  [7, 'limiting'],
  [7, 'pausing'],
  [4, 'bucket'],
  [4, 'bucket that tells'],
  [7, 'down'],
  [6, 'locked-out'],
] as const satisfies readonly (readonly [number, CrmWeather])[];

const awsWeathers = [
  [40, { dynamodb: 0, sqs: 0, ses: 0 }],
  [45, { dynamodb: 3, sqs: 4, ses: 20 }],
  [15, { dynamodb: 12, sqs: 15, ses: 60 }],
] as const satisfies readonly (readonly [number, AwsWeather])[];

const killedPercent = [
  [40, 0],
  [45, 5],
  [15, 25],
] as const;

/** The weather of a wave, as far as the run has such faults. */
export function weatherOf(
  seed: number,
  wave: number,
  connections: readonly string[],
  families: ReadonlySet<Family>,
): Weather {
  const random = decide(seed, 'weather', wave);
  const possible = crmWeathers.filter(([, name]) => families.has(familyOf(name)));
  const crm = connections.map((name): [string, CrmWeather] => [
    name,
    weighted(random, [...possible, [fairWeight, 'fair']]),
  ]);
  const aws = weighted<AwsWeather>(random, awsWeathers);
  const killed = weighted<number>(random, killedPercent);
  const budgetMs = random.int(3) === 0 ? patientMs : hastyMs;
  return {
    crm: possible.length > 0 ? Object.fromEntries(crm) : {},
    aws: {
      dynamodb: families.has('dynamodb') ? aws.dynamodb : 0,
      sqs: families.has('sqs') ? aws.sqs : 0,
      ses: families.has('ses') ? aws.ses : 0,
    },
    budgetMs,
    killed: families.has('kills') ? killed : 0,
  };
}

const minute = 60_000;
const pauses = [
  [35, minute],
  [25, 3 * minute],
  [20, 16 * minute],
  [14, 65 * minute],
  [6, 4 * 60 * minute],
] as const;

/** How much time passes between two waves, in milliseconds. */
export function pauseAfter(seed: number, wave: number): number {
  return weighted<number>(decide(seed, 'pause', wave), pauses);
}
