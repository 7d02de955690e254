import { newContact, newEmail } from '../contract/contacts.ts';
import { mailsTo } from '../integration/contacts.ts';
import type { FakeMail } from '../support/fake-ses.ts';
import { workOff } from '../support/jobs.ts';
import { noteSecret } from '../support/leaks.ts';
import { crm, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';

/** The time of a stack's function, which tests let jump. */
export class Clock {
  ahead = 0;
  readonly now = (): Date => new Date(Date.now() + this.ahead);
  pass(minutes: number): void {
    this.ahead += minutes * 60_000;
  }
}

/** Sends a request to the site's side, and follows no redirect. */
export async function ask(test: TestStack, path: string, init: RequestInit = {}) {
  const response = await fetch(new URL(path, test.stack.webhook), { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

/** Sends a form as a browser does. */
export const post = (test: TestStack, path: string, fields: Record<string, string>) =>
  ask(test, path, { method: 'POST', body: new URLSearchParams(fields) });

/** Asks the API as the site's server does. */
export async function api(
  test: TestStack,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await ask(test, `v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${test.stack.site.key}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  return { ...answer, body: (answer.text === '' ? undefined : JSON.parse(answer.text)) as any };
}

/** The newest link to choose a password in somebody's mails. */
export function linkIn(mails: readonly FakeMail[]): { url: URL; user: string; key: string } {
  const [, link = ''] = /^(http\S+[?&]key=\S+)$/m.exec(mails.at(-1)?.text ?? '') ?? [];
  const url = new URL(link);
  const [user, key] = ['user', 'key'].map((name) => String(url.searchParams.get(name)));
  noteSecret(String(key));
  return { url, user: String(user), key: String(key) };
}

/** Somebody who has got a welcome mail. */
export async function invite(test: TestStack, draft: object = {}) {
  const email = newEmail();
  const contactId = newContact(test, crm, { email, ...draft });
  await webhook(test, crm, 'add', contactId, { send_notification: 'true' });
  await workOff(test);
  return { email, contactId, mails: () => mailsTo(test, email), ...linkIn(mailsTo(test, email)) };
}

export const goodPassword = 'correct horse battery';

/** Somebody who has set a password. */
export async function member(test: TestStack, password = goodPassword, draft: object = {}) {
  noteSecret(password);
  const person = await invite(test, draft);
  const { user, key } = person;
  const { status } = await post(test, 'set-password', { user, key, password });
  if (status !== 303) throw new Error(`The password was not set: ${status}`);
  return person;
}

export const ip = '192.0.2.7';
