import { describeError } from '../errors.ts';
import type { EffectsJob } from '../jobs/job.ts';
import { createJobQueue } from '../jobs/job-queue.ts';
import { timed } from '../runtime/invocation.ts';
import { setPasswordWithKey, userWithKey } from '../users/set-password-key.ts';
import { forgetTries } from '../users/tries.ts';
import type { User } from '../users/user.ts';
import { triesOfUser } from './login-limits.ts';
import { escaped, page, textOf } from './page.ts';
import { type PasswordProblem, passwordProblem } from './password-rules.ts';
import { formOf } from './read-form.ts';
import type { SiteAnswer, SiteRequest } from './site-request.ts';

/** Apple's way of telling its password manager: https://developer.apple.com/password-rules/ */
const passwordRules = (minLength: number) =>
  `minlength: ${minLength}; maxlength: 64; allowed: ascii-printable;`;

function form(
  { services }: SiteRequest,
  { user, key, problem }: { user: User; key: string; problem?: PasswordProblem },
): SiteAnswer {
  const { site } = services.config;
  const { minLength } = site.passwords;
  const said =
    problem === undefined ? '' : `<p class="bad" id="problem" role="alert">${textOf(site, problem)}</p>`;
  const content = `<p>${textOf(site, 'setPasswordIntro')}</p>
<form method="post" action="/set-password">
<input type="hidden" name="user" value="${escaped(user.id)}">
<input type="hidden" name="key" value="${escaped(key)}">
<label for="username">${textOf(site, 'username')}</label>
<input id="username" name="username" autocomplete="username" value="${escaped(user.login)}" readonly>
<label for="password">${textOf(site, 'newPassword')}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="${minLength}" passwordrules="${passwordRules(minLength)}" required autofocus aria-describedby="hint${problem ? ' problem' : ''}"${problem ? ' aria-invalid="true"' : ''}>
${said}
<p class="hint" id="hint">${textOf(site, 'passwordHint')}</p>
<button>${textOf(site, 'savePassword')}</button>
</form>`;
  return page(site, problem ? 422 : 200, { title: textOf(site, 'setPasswordTitle'), content });
}

/** One page for a key that is used, wrong or over: which of these is not told. */
export function linkOver({ services, line }: SiteRequest, userId: string): SiteAnswer {
  const { site } = services.config;
  line.errorCode = 'link_over';
  line.result = 'refused';
  // A link that was cut may not say whose it is: then the page behind the button asks.
  const whose =
    userId === ''
      ? '<form action="/forgot-password">'
      : `<form method="post" action="/forgot-password">\n<input type="hidden" name="user" value="${escaped(userId)}">`;
  const content = `<p>${textOf(site, 'linkOverText')}</p>
${whose}
<button>${textOf(site, 'sendNewLink')}</button>
</form>`;
  return page(site, 410, { title: textOf(site, 'linkOverTitle'), content });
}

const longestId = 256;
/** Cut to what may be a key of the table, which takes no half of a surrogate pair. */
const given = (values: URLSearchParams, name: string) =>
  (values.get(name) ?? '').slice(0, longestId).toWellFormed();

/** The page behind the mail's link. Looking uses nothing up: scanners of mails open links, too. */
export async function showSetPassword(request: SiteRequest): Promise<SiteAnswer> {
  const [userId, key] = [given(request.query, 'user'), given(request.query, 'key')];
  const user = await userWithKey(request.users, userId, key);
  request.line.userId = user?.id;
  return user ? form(request, { user, key }) : linkOver(request, userId);
}

/** The mail that tells of the change. Its job is sent first: if anything fails after that, it finds nothing to do. */
async function announce({ services, invocation, requestId }: SiteRequest, user: User) {
  const at = services.now().toISOString();
  const job: EffectsJob = {
    kind: 'effects',
    id: services.random.uuid(),
    userId: user.id,
    connection: 'none',
    awaits: 'changed_mail',
    lane: 'live',
    requestId,
    createdAt: at,
  };
  await createJobQueue(timed(services.sqs, 'queue', invocation), services.queueUrl).send([job]);
  return { since: at, to: user.email };
}

/** Sets the typed password. One that is refused leaves the key as it is. */
export async function setPassword(request: SiteRequest): Promise<SiteAnswer> {
  const { services, users, line } = request;
  const { site } = services.config;
  const values = formOf(request);
  const [userId, key] = [given(values, 'user'), given(values, 'key')];
  const password = values.get('password') ?? '';
  const user = await userWithKey(users, userId, key);
  if (!user) return linkOver(request, userId);
  line.userId = user.id;
  const problem = passwordProblem(password, services.config, user);
  if (problem) {
    line.errorCode = 'password_refused';
    line.result = 'refused';
    return form(request, { user, key, problem });
  }
  const told = user.passwordHash === undefined ? undefined : await announce(request, user);
  const isSet = await setPasswordWithKey(users, services.random, { userId, key, password }, told);
  if (!isSet) return linkOver(request, userId);
  // The password is set, whatever becomes of this: counts end by themselves.
  await Promise.all(triesOfUser(user).map((tries) => forgetTries(users, tries))).catch((cause: unknown) =>
    services.log.problem('tries not forgotten', { error: describeError(cause) }),
  );
  line.result = 'password_set';
  return {
    status: 303,
    // As a header has it, in ASCII.
    headers: { location: new URL(site.loginUrl ?? site.url).href, 'referrer-policy': 'no-referrer' },
    body: '',
  };
}
