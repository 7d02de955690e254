import { newState, type State } from '../../../lib/import/state.ts';

/** An import of everybody that has just begun. */
export const exampleState = (change: Partial<State> = {}): State => ({
  ...newState({
    id: '00000000-0000-4000-8000-00000000abcd',
    kind: 'import',
    target: 'port 4000',
    connection: 'encharge',
    by: 'all',
    of: '',
    notify: false,
    rate: 5,
    total: 3,
    startedAt: '2026-03-01T12:00:00.000Z',
  }),
  ...change,
});
