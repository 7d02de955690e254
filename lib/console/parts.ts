import type { Traces } from '../dev/traces.ts';
import type { CurrentDeployment } from './current-deployment.ts';
import type { LineStore } from './line-store.ts';
import type { Replays } from './replays.ts';

/** What the routes of a console work with. */
export interface Parts {
  current: CurrentDeployment;
  store: LineStore;
  replays: Replays;
  /** Why nothing may be changed; undefined where it may. */
  readOnly: string | undefined;
  /** Only of a local stack in this process. */
  traces: Traces | undefined;
  now: () => Date;
}
