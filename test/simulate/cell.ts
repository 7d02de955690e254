import type { Broken, CrmModelOptions } from './crm-model.ts';

/** One run: jobs of a batch, single webhooks beside them, and a CRM. */
export interface Cell extends CrmModelOptions {
  contacts: number;
  /** Functions that work on jobs. */
  workers: number;
  /** Single webhooks a second, and for how many seconds. */
  live?: { perSecond: number; seconds: number };
  /** The part of the contacts that is broken, and how. */
  broken?: { share: number; how: Broken };
}

/** What came of a cell. Times are seconds. */
export interface Result {
  calls: number;
  refusals: number;
  outageCalls: number;
  /** Of one job, on the average and at most. */
  handOuts: { mean: number; most: number };
  writes: number;
  doneAfter: number;
  longestLiveWait: number;
  dead: number;
}
