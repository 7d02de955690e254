import type { Finding, Patient } from './finding.ts';

/** Longer than any cold start, in milliseconds. */
const patienceMs = 15_000;
/** Beyond this AWS refuses what was signed here; half a minute off is only worth a word. In milliseconds. */
const [refusedMs, noticedMs] = [5 * 60_000, 30_000];

function clock(date: string | null, now: Date): Finding {
  const offMs = now.getTime() - Date.parse(date ?? '');
  if (Number.isNaN(offMs)) return { check: 'clock', status: 'skip', message: 'the answer has no date' };
  const seconds = Math.round(Math.abs(offMs) / 1000);
  if (seconds * 1000 < noticedMs) return { check: 'clock', status: 'ok', message: 'agrees with the webhook' };
  return {
    check: 'clock',
    status: seconds * 1000 >= refusedMs ? 'fail' : 'warn',
    message: `this machine is ${seconds} seconds ${offMs > 0 ? 'ahead of' : 'behind'} the webhook`,
    fix: "Set this machine's clock, by NTP if you can: AWS refuses requests that are 5 minutes off.",
  };
}

function codeOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { error?: { code?: unknown } } | null)?.error?.code;
  } catch {
    return undefined;
  }
}

/** No key is made like this one. */
const wrongKey = 'usher-doctor-asks-with-a-wrong-key';

const unreadable = 'The function cannot read a secret. Its log says which and why: "secret unreadable".';
const elsewhere = (logs: string) =>
  `Look at the function's log: ${logs}. A firewall in front of it must let requests through.`;

/**
 * The webhook refuses a wrong key, which shows that API, function and secrets work together: without a key the function
 * would not have to look into the secrets.
 */
export async function checkWebhook({ deployment: { webhook, command }, now }: Patient): Promise<Finding[]> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(webhook, {
      headers: { 'x-access-key': wrongKey },
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    body = await response.text();
  } catch {
    const fix = 'Look at the network between here and there; then deploy again.';
    return [{ check: 'webhook', status: 'fail', message: `${webhook} does not answer`, fix }];
  }
  const isRight = response.status === 403 && codeOf(body) === 'invalid_access_key';
  return [
    isRight
      ? { check: 'webhook', status: 'ok', message: `${webhook} refuses a wrong key` }
      : {
          check: 'webhook',
          status: 'fail',
          message: `${webhook} answers ${response.status} to a wrong key, not 403`,
          fix: codeOf(body) === 'unavailable' ? unreadable : elsewhere(command('logs')),
        },
    clock(response.headers.get('date'), now()),
  ];
}
