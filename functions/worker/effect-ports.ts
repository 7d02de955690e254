import type { EffectPorts } from '../effects/ports.ts';
import { type Invocation, timed } from '../runtime/invocation.ts';
import { crmFor, type OnBehalf, paceFor, type Services, usersFor } from '../runtime/services.ts';

/** What effects may use, for one invocation. */
export function effectPorts(services: Services, invocation: Invocation, whom: OnBehalf): EffectPorts {
  return {
    config: services.config,
    crm: (connection) =>
      crmFor(services, connection, invocation, paceFor(services, connection, invocation, whom)),
    apiToken: async (connection) => {
      const { apiToken } = await invocation.time('key', () => services.keyRing.credentials(connection));
      return apiToken;
    },
    ses: timed(services.ses, 'ses', invocation),
    users: usersFor(services, invocation),
    random: services.random,
    now: services.now,
    sleep: (ms) => services.sleep(ms, invocation.signal),
  };
}
