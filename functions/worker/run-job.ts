import { actionOf } from '../actions/actions.ts';
import { ContactNotFound } from '../crm/crm-errors.ts';
import type { EffectPorts } from '../effects/ports.ts';
import { runEffects } from '../effects/run-effects.ts';
import { restUntilLook } from '../jobs/back-off.ts';
import type { EffectsJob, Job, WebhookJob } from '../jobs/job.ts';
import type { Invocation } from '../runtime/invocation.ts';
import type { Line } from '../runtime/log.ts';
import { runAction } from '../runtime/run-action.ts';
import type { OnBehalf, Services } from '../runtime/services.ts';
import { effectPorts } from './effect-ports.ts';
import { runLink } from './run-link.ts';

async function runWebhook(
  job: WebhookJob,
  services: Services,
  invocation: Invocation,
  whom: OnBehalf,
): Promise<Partial<Line>> {
  const { result, userId, contactId, warnings, written } = await runAction(job, services, invocation, whom);
  return { result, userId, contactId, warnings, written };
}

async function runEffectsJob(job: EffectsJob, ports: EffectPorts): Promise<Partial<Line>> {
  const outcome = await runEffects(job, ports);
  return { result: outcome.done.join('+') || outcome.result, warnings: outcome.warnings ?? [] };
}

/** In seconds. */
export const ageSeconds = (job: Job, { now }: Services) =>
  Math.max(Math.round((now().getTime() - Date.parse(job.createdAt)) / 1000), 0);

/** A contact that the CRM does not show yet is not asked for at once. */
function expectDue(job: Job, services: Services): void {
  if (job.kind !== 'webhook' || job.after !== 'contact_not_found') return;
  const isNew = actionOf(job.action).makesUsers === true;
  const first = restUntilLook(isNew ? 'new' : 'known', 0) ?? 0;
  if (ageSeconds(job, services) < first) throw new ContactNotFound('id', { isNew });
}

/** @throws UsherError when the job is not done */
export async function runJob(
  job: Job,
  services: Services,
  invocation: Invocation,
  whom: OnBehalf,
): Promise<Partial<Line>> {
  expectDue(job, services);
  if (job.kind === 'webhook') return runWebhook(job, services, invocation, whom);
  const ports = effectPorts(services, invocation, whom);
  return job.kind === 'link' ? runLink(job, ports) : runEffectsJob(job, ports);
}
