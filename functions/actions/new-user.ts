import type { ContactRequest } from '../jobs/contact-request.ts';
import type { NewUser } from '../users/create.ts';
import { expectToFit, withoutRoom } from '../users/item-size.ts';
import { addressDigest } from '../users/own-address.ts';
import { hashPassword } from '../users/password.ts';
import { decideRoles } from '../users/roles.ts';
import type { EffectName, PendingEffect } from '../users/user.ts';
import type { Asked } from './asked.ts';
import type { ActionPorts } from './ports.ts';
import type { Profile } from './profile.ts';
import { fieldWarnings, without } from './with-room.ts';

const saltBytes = 32;

/** What has to be done once the user exists. */
export function effectsOf(profile: Profile, request: ContactRequest, ports: ActionPorts): EffectName[] {
  const { connection, config } = ports;
  const effects: EffectName[] = [];
  // Thousands are imported at once: they get a mail only if it is asked for.
  const isAlways = config.mail.welcome === 'always' && request.bulk === undefined;
  if (request.sendNotification || isAlways) effects.push('welcome_mail');
  if (connection.returnPassword && profile.password === undefined) effects.push('return_password');
  return effects;
}

/** A password that is to be returned to a connection, made anew. */
export const pendingPassword = (
  connection: string,
  { random, now }: Pick<ActionPorts, 'random' | 'now'>,
): PendingEffect => ({
  since: now().toISOString(),
  connection,
  salt: random.bytes(saltBytes).toString('base64url'),
});

/** What an import that is undone has to know of a user that it has made. */
function importedBy({ bulk, requestId }: ContactRequest, passwordSetAt: string | undefined) {
  if (bulk !== 'import') return {};
  const left = passwordSetAt === undefined ? {} : { importedPasswordSetAt: passwordSetAt };
  return { importedBy: requestId, importedVersion: 1, ...left };
}

/** Names for people to be called by, where the CRM has none. */
function namesOf(profile: Profile, login: string) {
  const given = [profile.fields['first_name'], profile.fields['last_name']].filter(Boolean).join(' ');
  return { display_name: given || login, nickname: login };
}

/**
 * Puts a user together. Writes nothing; hashes the password if the CRM supplied one.
 *
 * @throws UsherError `contact_too_large`
 */
export async function composeUser(
  profile: Profile & { email: string; login: string },
  request: Asked,
  ports: ActionPorts,
): Promise<{ user: NewUser; warnings: string[] }> {
  const { login } = profile;
  const { roles } = ports.config;
  const { role, roleAt, warning } = decideRoles(roles, { role: roles.default }, request.roles);
  const since = ports.now().toISOString();
  const pending: [EffectName, PendingEffect][] = effectsOf(profile, request, ports).map((name) => [
    name,
    name === 'return_password' ? pendingPassword(request.connection, ports) : { since },
  ]);
  const fields = Object.entries({ ...namesOf(profile, login), ...profile.fields });
  const whole: NewUser = {
    id: ports.random.uuid(),
    email: profile.email,
    login,
    role,
    ...(roleAt === undefined ? {} : { roleAt }),
    fields: Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as NewUser['fields'],
    tags: profile.tags,
    contacts: { [request.connection]: request.contactId },
    pulled: { [request.connection]: addressDigest(profile.email) },
    effects: Object.fromEntries(pending),
    ...(pending.some(([name]) => name === 'welcome_mail') ? { welcomeAsked: since } : {}),
    ...(profile.password === undefined
      ? {}
      : { passwordHash: await hashPassword(profile.password, ports.random), passwordSetAt: since }),
    ...importedBy(request, profile.password === undefined ? undefined : since),
  };
  const first = { version: 1, created: since, updated: since };
  const left = withoutRoom({}, { ...whole, ...first });
  const user = { ...whole, fields: without(whole.fields, left) };
  expectToFit({ ...user, ...first });
  return { user, warnings: [...profile.warnings, ...fieldWarnings(left), ...(warning ? [warning] : [])] };
}
