import { type LinkJob, linkJobId } from '../jobs/job.ts';
import { createJobQueue } from '../jobs/job-queue.ts';
import { timed } from '../runtime/invocation.ts';
import { countTry } from '../users/tries.ts';
import { askLimit, networkDigest } from './ask-limit.ts';
import { page, textOf, wayToSite } from './page.ts';
import { formOf } from './read-form.ts';
import { SiteError } from './site-error.ts';
import type { SiteAnswer, SiteRequest } from './site-request.ts';

const longest = 256;

/** The page that asks whose account it is. */
export function showForgotPassword({ services }: SiteRequest, isMissing = false): Promise<SiteAnswer> {
  const { site } = services.config;
  const content = `<p>${textOf(site, 'forgotIntro')}</p>
<form method="post" action="/forgot-password">
<label for="login">${textOf(site, 'addressOrUsername')}</label>
<input id="login" name="login" autocomplete="username" maxlength="${longest}" required autofocus>
<button>${textOf(site, 'sendLink')}</button>
</form>
${wayToSite(site)}`;
  return Promise.resolve(page(site, isMissing ? 422 : 200, { title: textOf(site, 'forgotTitle'), content }));
}

function jobFor(who: LinkJob['who'], { services, sourceIp, requestId }: SiteRequest): LinkJob {
  const network = networkDigest(sourceIp);
  const createdAt = services.now().toISOString();
  return {
    kind: 'link',
    id: linkJobId({ who, network, createdAt }),
    who,
    connection: 'none',
    network,
    lane: 'live',
    requestId,
    createdAt,
  };
}

/** Whom a form means: an address or username, or the user of a link that has ended. */
function meant(values: URLSearchParams): LinkJob['who'] | undefined {
  // The table takes no half of a surrogate pair, which a cut may leave.
  const [userId, login] = ['user', 'login'].map((name) =>
    (values.get(name) ?? '').trim().slice(0, longest).toWellFormed(),
  );
  if (userId) return { userId };
  return login ? { login } : undefined;
}

/** Has a link sent, if there is such an account. It looks at no user: whoever asks is answered the same, and as fast. */
export async function askForgotPassword(request: SiteRequest): Promise<SiteAnswer> {
  const { services, invocation, line } = request;
  const { site } = services.config;
  const who = meant(formOf(request));
  if (!who) {
    line.result = 'refused';
    return showForgotPassword(request, true);
  }
  const job = jobFor(who, request);
  const counted = await countTry(request.users, [askLimit(job.network)]);
  if ('waitMs' in counted) {
    throw new SiteError('too_many_tries', { retryAfterSeconds: Math.ceil(counted.waitMs / 1000) });
  }
  await createJobQueue(timed(services.sqs, 'queue', invocation), services.queueUrl).send([job]);
  line.result = 'queued';
  const content = `<p>${textOf(site, 'sentText')}</p>\n${wayToSite(site)}`;
  return page(site, 200, { title: textOf(site, 'sentTitle'), content });
}
