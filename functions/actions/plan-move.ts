import type { Config } from '../config/config.ts';
import { uniqueSpelling } from '../mail/email-address.ts';
import { isMailable } from '../mail/mailable.ts';
import { mailWarning } from '../users/mail-state.ts';
import { addressDigest, pulledSoFar, pulledWith } from '../users/own-address.ts';
import type { EffectName, User } from '../users/user.ts';
import type { UserChange } from '../users/user-change.ts';
import { pendingPassword } from './new-user.ts';
import type { ActionPorts } from './ports.ts';

/** Of the pairs of mails that moves lead to there is one in five minutes at most, and five a day. In milliseconds. */
const betweenPairs = 5 * 60 * 1000;
const pairsADay = 5;
const day = 24 * 60 * 60 * 1000;

/** What a move is planned with, whoever asks for it. */
export type MovePorts = Pick<ActionPorts, 'config' | 'random' | 'now'>;

/** Where a user is moved to. */
export interface Destination {
  email: string;
  /** The connection whose contact has this address; absent when an operator gives it. */
  connection?: string;
  /** Somebody else has the address as a username. */
  isNameTaken: boolean;
}

const isSame = (one: string, other: string) => uniqueSpelling(one) === uniqueSpelling(other);

/** A username that was made of the address: itself, or with a tail. Then it goes with it. */
function isAddressAsName({ login, email }: User): boolean {
  const [name, old] = [uniqueSpelling(login), uniqueSpelling(email)];
  return name === old || (name.startsWith(old) && /^-[\da-f]{8}$/.test(name.slice(old.length)));
}

/** Names by which people are called fall back to the address; then they do not keep an old one. */
function fallenBack(user: User, login: string): UserChange {
  const old = isAddressAsName(user) ? [user.email, user.login] : [user.email];
  const keys = ['display_name', 'nickname'].filter((key) => {
    const value = Object.hasOwn(user.fields, key) ? user.fields[key] : undefined;
    return typeof value === 'string' && old.some((name) => isSame(name, value));
  });
  return keys.length === 0 ? {} : { fields: Object.fromEntries(keys.map((key) => [key, login])) };
}

/** When the next mails may go, and when the last ones were due. Mails that still wait go together with these. */
function nextPair({ effects, moved }: User, now: Date): { due: string; mails: readonly string[] } {
  const mails = moved?.mails ?? [];
  const waiting = effects.welcome_mail?.notBefore ?? effects.moved_mail?.notBefore;
  if (waiting !== undefined && Date.parse(waiting) > now.getTime()) return { due: waiting, mails };
  const after = (mail: string | undefined, ms: number) => (mail === undefined ? 0 : Date.parse(mail) + ms);
  const earliest = Math.max(
    now.getTime(),
    after(mails.at(-1), betweenPairs),
    after(mails.at(-pairsADay), day),
  );
  const due = new Date(earliest).toISOString();
  return { due, mails: [...mails, due].slice(-pairsADay) };
}

/** Who is told that the account has moved: whoever was not told the last time, else the address before, if mails reach it. */
function toldAddress(user: User, next: string, now: Date): string | undefined {
  const { to: untold, claimedUntil = '' } = user.effects.moved_mail ?? {};
  // A mail that is being sent tells that address already, and the one that is left now has got its own by then.
  const waiting = claimedUntil > now.toISOString() ? undefined : untold;
  if (waiting === undefined && mailWarning(user) !== undefined) return undefined;
  const to = waiting ?? user.email;
  return isSame(to, next) || !isMailable(to) ? undefined : to;
}

/**
 * Where a new password is returned to: the CRM that says the address. Where an operator says it, one whose contact had it when
 * it was last pulled: any other CRM may mail the password to the mailbox that the user has just left.
 */
function returnTo(
  { contacts, pulled = {} }: User,
  { email, connection }: Destination,
  { connections }: Config,
): string | undefined {
  const known = Object.keys(contacts).filter((name) => pulled[name] === addressDigest(email));
  const names = connection === undefined ? known : [connection];
  return names.find((name) => Object.hasOwn(connections, name) && connections[name]?.returnPassword);
}

/**
 * What changes on a user who gets another address, besides its passwords and keys, which end by the write itself: names made of
 * the old address, and what is to be done for the new one. Effects of the old address are called off.
 */
export function planMove(user: User, destination: Destination, ports: MovePorts): UserChange {
  const { email, connection, isNameTaken } = destination;
  const now = ports.now();
  const at = now.toISOString();
  const { mail } = ports.config;
  const login = isNameTaken ? `${email}-${ports.random.bytes(4).toString('hex')}` : email;
  const isNamed = isAddressAsName(user);
  const isWelcome = user.welcomeAsked !== undefined || user.effects.welcome_mail !== undefined;
  const told = mail.tellMoved ? toldAddress(user, email, now) : undefined;
  const hasMails = isWelcome || told !== undefined;
  const { due, mails } = hasMails ? nextPair(user, now) : { due: at, mails: user.moved?.mails ?? [] };
  const pending = { since: due, ...(due > at ? { notBefore: due } : {}) };
  const returning = returnTo(user, destination, ports.config);
  const effects: UserChange['effects'] = {
    // What was to tell of the password that ends now would tell the mailbox before of the account as it is from now on.
    changed_mail: undefined,
    link_mail: undefined,
    moved_mail: told === undefined ? undefined : { ...pending, to: told },
    return_password: returning === undefined ? undefined : pendingPassword(returning, ports),
    welcome_mail: isWelcome ? pending : undefined,
  };
  return {
    email,
    ...(isNamed ? { login } : {}),
    ...fallenBack(user, isNamed ? login : user.login),
    moved: { at, mails },
    effects,
    pulled: connection === undefined ? pulledSoFar(user) : pulledWith(user, connection, email),
  };
}

/** The effects that a change puts on a user. */
export const effectsIn = ({ effects = {} }: UserChange): EffectName[] =>
  (Object.keys(effects) as EffectName[]).filter((name) => effects[name] !== undefined);
