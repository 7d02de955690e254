import { checkConcurrency } from './check-concurrency.ts';
import { checkConnection } from './check-connection.ts';
import { checkMail } from './check-mail.ts';
import { checkDeadLetters, checkQueue } from './check-queue.ts';
import { checkRoles } from './check-roles.ts';
import { checkMailLinks, checkSiteKey } from './check-site.ts';
import { checkWebhook } from './check-webhook.ts';
import { examine } from './examine.ts';
import type { Finding, Patient } from './finding.ts';

/** Looks at everything of a deployment, one thing after the other. */
export async function* findings(patient: Patient): AsyncGenerator<Finding> {
  const { deployment } = patient;
  const checks: [string, (patient: Patient) => Finding[] | Promise<Finding[]>][] = [
    ['webhook', checkWebhook],
    ['roles', checkRoles],
    ['queue', checkQueue],
    ['dead letters', checkDeadLetters],
    ['mail', checkMail],
    ['mail links', checkMailLinks],
    ['site key', checkSiteKey],
    ['concurrency', checkConcurrency],
  ];
  for (const [check, look] of checks) yield* await examine({ check }, deployment.title, () => look(patient));
  for (const connection of Object.keys(deployment.config.connections)) {
    yield* await examine({ check: 'secret', connection }, deployment.title, () =>
      checkConnection(connection, patient),
    );
  }
}
