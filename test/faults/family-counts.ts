import type { Family } from './soak-options.ts';
import type { Tally } from './tally.ts';

/** How often what a family is about has happened in a run. One that never happens proves nothing. */
export function familyCounts(tally: Tally): Record<Family, number> {
  return {
    crm: tally.total('fault/crm'),
    buckets: tally.count('calls refused by a bucket'),
    'late-contacts': tally.count('late contact not found'),
    dynamodb: tally.total('fault/dynamodb'),
    sqs: tally.total('fault/sqs'),
    ses: tally.total('fault/ses'),
    kills: tally.count('killed'),
    toggles: tally.count('edit/undo-tags'),
    moves: tally.count('edit/move'),
    swaps: tally.count('edit/swap'),
    recreations: tally.count('edit/recreate'),
    'many-tags': tally.count('edit/many-tags'),
    'both-crms': tally.count('edit/move of one of two'),
    'cleared-fields': tally.count('fields cleared'),
    roles: tally.count('webhooks with a role'),
  };
}
