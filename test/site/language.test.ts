import { expect, it } from '@jest/globals';
import { defineConfig } from '../../functions/config/define-config.ts';
import usherConfig from '../../usher.config.ts';
import { workOff } from '../support/jobs.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { german } from './german.ts';
import { api, ask, invite, ip, linkIn, post } from './site.ts';

const { roles } = usherConfig;
const english = defineConfig({
  site: { name: 'Example', url: 'https://www.example.com' },
  mail: { from: 'hello@example.com' },
  roles,
  connections: { encharge: { crm: 'encharge' } },
});
const config = defineConfig({
  ...german,
  roles,
  responseBudgetMs: 25_000,
  connections: { encharge: { crm: 'encharge' }, userengage: { crm: 'userengage', account: 'example' } },
});
useTestStack({ config, withPoller: false });

/** Every word of the defaults that a reader would know as English. */
const defaults = [...Object.values(english.site.texts), ...Object.values(english.site.errors)].map(
  (text) => text.split(/[.:{]/)[0] ?? text,
);

function expectGerman(text: string): void {
  for (const word of defaults) expect(text).not.toContain(word);
}

it('has every text of pages, errors and mails in German', () => {
  expect(Object.keys(german.site.texts).sort()).toEqual(Object.keys(english.site.texts).sort());
  expect(Object.keys(german.site.errors).sort()).toEqual(Object.keys(english.site.errors).sort());
});

it('speaks German on the way from the mail to the login', async () => {
  const person = await invite(test, { firstName: 'Käthe' });
  expect(person.mails()[0]?.subject).toBe('[Beispiel & Söhne] Ihr Konto');
  const { user, key, email } = person;
  const form = await ask(test, person.url.href);
  expect(form.text).toContain('<html lang="de">');
  expect(form.text).toContain('<title>Passwort wählen – Beispiel &amp; Söhne</title>');
  expect(form.text).toContain('background:#7a1f3d');
  expect(form.text).toContain('Mindestens 15 Zeichen');
  const refused = await post(test, 'set-password', { user, key, password: 'vierzehnZeiche' });
  expect(refused.text).toContain('weniger als 15 Zeichen');
  const set = await post(test, 'set-password', { user, key, password: 'fünf Wörter hintereinander' });
  expect(set.headers.get('location')).toBe('https://www.example.com/anmelden');
  const over = await ask(test, person.url.href);
  const forgot = await ask(test, 'forgot-password');
  const sent = await post(test, 'forgot-password', { login: email });
  await workOff(test);
  const link = linkIn(person.mails());
  await post(test, 'set-password', { user, key: link.key, password: 'sechs Wörter hintereinander' });
  await workOff(test);
  expect(person.mails().map(({ subject }) => subject)).toEqual([
    '[Beispiel & Söhne] Ihr Konto',
    '[Beispiel & Söhne] Neues Passwort wählen',
    '[Beispiel & Söhne] Ihr Passwort wurde geändert',
  ]);
  const wrong = await api(test, 'login', { login: email, password: 'falsch', ip });
  expect(wrong.body.error.message).toBe('Benutzername oder Passwort ist falsch.');
  const put = await ask(test, 'set-password', { method: 'PUT' });
  for (const { text } of [form, refused, over, forgot, sent, wrong, put]) expectGerman(text);
});
