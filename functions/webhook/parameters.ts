import { actionOf } from '../actions/actions.ts';
import { UsherError } from '../errors.ts';
import { emailAddress, forbiddenCharacter } from '../mail/email-address.ts';
import type { Payload } from './body.ts';

export const parameterNames = [
  'wpf_action',
  'access_key',
  'contact_id',
  'email',
  'role',
  'send_notification',
  'async',
] as const;
export type ParameterName = (typeof parameterNames)[number];

/**
 * The text of a parameter, or undefined when it is absent or empty.
 *
 * @throws UsherError `invalid_parameter` for one that is no text
 */
export type Lookup = (name: ParameterName) => string | undefined;

function invalid(name: ParameterName, expected: string): UsherError {
  return new UsherError('invalid_parameter', `The parameter ${name} must be ${expected}.`);
}

function inBody({ kind, ...payload }: Payload, name: ParameterName): string | undefined {
  if ('fields' in payload) return payload.fields.get(name) ?? undefined;
  const value = 'value' in payload ? payload.value : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const given: unknown = (value as Record<string, unknown>)[name];
  if (given === null) return undefined;
  if (typeof given === 'number' && !Number.isSafeInteger(given))
    throw invalid(name, 'text: the number is too long');
  if (typeof given === 'object') throw invalid(name, 'text');
  return String(given);
}

/** The names at the top of a body. */
export function namesIn(payload: Payload): string[] {
  if (payload.kind === 'form') return [...payload.fields.keys()];
  const isObject = payload.kind === 'json' && typeof payload.value === 'object' && payload.value !== null;
  return isObject && !Array.isArray(payload.value) ? Object.keys(payload.value as object) : [];
}

/** Whether a body is meant for Usher. Any other is what a CRM knows of a person, who may have a role and an e-mail, too. */
export function isAddressed(payload: Payload): boolean {
  const names = new Set(namesIn(payload));
  return names.has('wpf_action') || names.has('access_key');
}

/**
 * Finds parameters in the query, then in a body that is meant for Usher; the contact's id in any. A query that names one
 * wins, even with nothing.
 */
export function lookup(query: URLSearchParams, payload: Payload): Lookup {
  const isForUsher = isAddressed(payload);
  return (name) => {
    const mayBeInBody = isForUsher || name === 'contact_id';
    const found = query.get(name) ?? (mayBeInBody ? inBody(payload, name) : undefined);
    // JSON can hold half a surrogate pair; neither a URL nor the table can.
    const text = found?.trim().toWellFormed() || undefined;
    const isFormEncoded = query.has(name) || payload.kind === 'form';
    // A plus that was not encoded arrives as a space, and no address has one.
    return name === 'email' && isFormEncoded ? text?.replaceAll(' ', '+') : text;
  };
}

const yes = new Set(['true', '1', 'yes', 'on']);
const no = new Set(['false', '0', 'no', 'off']);

function boolean(find: Lookup, name: ParameterName): boolean {
  const word = find(name)?.toLowerCase();
  if (word === undefined || no.has(word)) return false;
  if (yes.has(word)) return true;
  throw invalid(name, 'true or false');
}

/** In characters. */
const longest = 256;

/** A webhook's parameters, checked. */
export interface Parameters {
  action: string;
  contactId: string | undefined;
  email: string | undefined;
  role: string | undefined;
  sendNotification: boolean;
  isAsync: boolean;
}

function email(find: Lookup): string | undefined {
  const written = find('email');
  if (written === undefined || emailAddress(written) !== undefined) return written;
  const character = forbiddenCharacter(written);
  throw invalid('email', character ? `an e-mail address, without ${character}` : 'an e-mail address');
}

function short(find: Lookup, name: 'contact_id' | 'role'): string | undefined {
  const text = find(name);
  if ([...(text ?? '')].length > longest) throw invalid(name, `at most ${longest} characters`);
  return text;
}

/**
 * Reads the parameters. Of those that the action does not have only the query is looked at: in a body they may be fields of
 * a person, which nobody meant for us.
 *
 * @throws UsherError `unknown_action`, `invalid_parameter`
 */
export function readParameters(query: URLSearchParams, find: Lookup): Parameters {
  const action = find('wpf_action')?.toLowerCase() ?? '';
  const { parameters } = actionOf(action);
  const inQuery = lookup(query, { kind: 'none' });
  /** Of a parameter that the action does not have nothing is left but a complaint. */
  const of = <Value>(name: (typeof parameters)[number], read: (find: Lookup) => Value) => {
    if (parameters.includes(name)) return read(find);
    read(inQuery);
    return undefined;
  };
  return {
    action,
    contactId: short(find, 'contact_id'),
    email: of('email', email),
    role: of('role', (from) => short(from, 'role')),
    sendNotification: of('send_notification', (from) => boolean(from, 'send_notification')) ?? false,
    isAsync: of('async', (from) => boolean(from, 'async')) ?? false,
  };
}
