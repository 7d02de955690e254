import type { HeldReason } from '../crm/crm-errors.ts';
import type { AccessNews } from './access.ts';
import type { LaneName } from './rate.ts';
import type { Turn } from './turn.ts';

/** For whom the CRM is called: one webhook, or one try of a job. */
export interface Caller {
  lane: LaneName;
  turn: Turn;
  /** A webhook, which waits a second at most; its job will wait in the line. */
  isPassing?: boolean;
  /** Somebody looks whether the CRM can be called: always allowed. */
  isTest?: boolean;
  /** A call of the same question went through before: what it has found out would be lost. */
  isUnderWay?: boolean;
  /** A whole number from 0 to below `max`. */
  randomInt: (max: number) => number;
  /** Rejects when the invocation has no more time. */
  sleep: (ms: number) => Promise<void>;
  /** A call was held back. */
  onHeld: (reason: HeldReason) => void;
  /** The CRM begins to refuse us, or lets us in again. Told once for each. */
  onAccess: (news: AccessNews) => void;
}

/** From 0 to below 1. */
export const jitter = ({ randomInt }: Caller): number => randomInt(1000) / 1000;
