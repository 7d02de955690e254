import { createKeyRing } from '../../functions/runtime/key-ring.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { secretId, siteSecretId } from '../../lib/dev/local-connections.ts';

/** A clock that a test moves on, for a stack and its key rings. */
export interface MovedClock {
  advance(ms: number): void;
  /** The stack's option of this name. */
  adjust(services: Services): Services;
}

export function movedClock(): MovedClock {
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  return {
    advance: (ms) => {
      aheadMs += ms;
    },
    adjust(services) {
      const names = Object.keys(services.config.connections);
      const secretIds = Object.fromEntries(names.map((name) => [name, secretId(name)]));
      const onProblem = (connection: string) => services.log.problem('secret unreadable', { connection });
      const { secrets } = services;
      const keyRing = createKeyRing({ secrets, secretIds, now, onProblem });
      const siteKeys = createKeyRing({ secrets, secretIds: { site: siteSecretId }, now, onProblem });
      return { ...services, now, keyRing, siteKeys };
    },
  };
}
