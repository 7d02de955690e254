import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startDynamoDb } from '../../lib/dev/dynamodb.ts';
import { type RemoteProcess, startRemote } from '../support/remote-process.ts';
import type { People } from './load-people.ts';

/** Where the services are that both sides use. */
export interface Surroundings {
  dynamodb: string;
  crmUrl: string;
  crmToken: string;
  hasEffects: boolean;
}

/** Some of one action, so many at once, and nothing more begun after a time. */
export interface BareRun {
  action: 'add' | 'update';
  people: People;
  concurrency: number;
  untilMs: number;
}

/** What `crm-process.ts` answers to. */
export type CrmApi = {
  url(argument: null): string;
  put(people: People): void;
  withPassword(people: People): number;
};

/** What `usher-process.ts` answers to. */
export type UsherApi = {
  webhook(argument: null): string;
  cpuMs(argument: null): number;
  idle(argument: null): Promise<void>;
  mails(argument: null): number;
  /** How many of them are users. */
  applied(people: People): Promise<number>;
  /** The most memory since it was last asked, in MB. */
  peakMb(argument: null): number;
};

/** What `bare-process.ts` answers to. */
export type BareApi = {
  cpuMs(argument: null): number;
  run(argument: BareRun): { ms: number; count: number };
};

/** DynamoDB Local, the CRM, and Usher and the bare script over them: each a process of its own, and none that is idle. */
export interface LoadStage {
  crm: RemoteProcess<CrmApi>;
  bare: RemoteProcess<BareApi>;
  usher: RemoteProcess<UsherApi>;
  /** A second one, that sends mails and returns passwords. */
  startWithEffects(): Promise<RemoteProcess<UsherApi>>;
  stop(): Promise<void>;
}

const script = (name: string) => join(import.meta.dirname, name);

export async function setStage(): Promise<LoadStage> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  const started = <Service extends { stop(): Promise<void> }>(service: Service): Service => {
    stops.push(() => service.stop());
    return service;
  };
  try {
    const crmToken = randomBytes(32).toString('hex');
    const dynamodb = started(await startDynamoDb());
    const crm = started(await startRemote<CrmApi>(script('crm-process.ts'), { args: [crmToken] }));
    const crmUrl = await crm.call('url', null);
    const args = (hasEffects: boolean) => [
      JSON.stringify({ dynamodb: dynamodb.endpoint, crmUrl, crmToken, hasEffects } satisfies Surroundings),
    ];
    const bare = started(await startRemote<BareApi>(script('bare-process.ts'), { args: args(false) }));
    const startUsher = async (hasEffects: boolean) =>
      started(await startRemote<UsherApi>(script('usher-process.ts'), { args: args(hasEffects) }));
    const usher = await startUsher(false);
    return { crm, bare, usher, startWithEffects: () => startUsher(true), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
