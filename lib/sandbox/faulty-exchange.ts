import type { ServerResponse } from 'node:http';
import type { ApiAnswer } from './api-answer.ts';
import type { CrmApi } from './crm-api.ts';
import type { CrmDescription } from './crm-description.ts';
import type { CheckedFault } from './fault.ts';

/** A request that a fault strikes. */
export interface FaultyExchange {
  fault: CheckedFault;
  response: ServerResponse;
  api: CrmApi;
  tagsAt: CrmDescription['tagsAt'];
  path: string;
  /** What the API answered; empty when it was not asked. */
  answer: ApiAnswer;
}
