import type { EffectPorts } from '../effects/ports.ts';
import { runEffects } from '../effects/run-effects.ts';
import type { LinkJob } from '../jobs/job.ts';
import type { Line } from '../runtime/log.ts';
import { askForLink } from '../users/asked-link.ts';
import { findById, findByLogin } from '../users/find.ts';
import { retryOnConflict } from '../users/retry-on-conflict.ts';

/**
 * Sends a link to choose a password to the present address of whoever is meant, if there is such a user and they were not sent
 * too many. Whoever asked was answered before, the same in every case.
 */
export async function runLink(job: LinkJob, ports: EffectPorts): Promise<Partial<Line>> {
  const { id, who, network, lane, requestId, createdAt } = job;
  const asked = await retryOnConflict(async () => {
    const user =
      'login' in who ? await findByLogin(ports.users, who.login) : await findById(ports.users, who.userId);
    return user && { userId: user.id, result: await askForLink(ports.users, user, network) };
  }, ports);
  if (asked?.result !== 'asked') return { result: asked ? 'limited' : 'nobody', userId: asked?.userId };
  const { userId } = asked;
  const effects = { kind: 'effects', id, userId, connection: 'none', lane, requestId, createdAt } as const;
  const outcome = await runEffects(effects, ports, 'link_mail');
  return { result: outcome.done.join('+') || outcome.result, userId, warnings: outcome.warnings ?? [] };
}
