import type { Contact, FieldMap } from '../crm/connector.ts';
import { type Converted, convert, type FieldValue } from '../crm/field-value.ts';
import { emailAddress, forbiddenCharacter, isShort } from '../mail/email-address.ts';
import { isMailable } from '../mail/mailable.ts';

/** A contact, read by the field map: what a user would be made of. */
export interface Profile {
  email: string | undefined;
  /** The character for which what stands in the place of the address is none: `U+200B`. */
  badCharacter?: string;
  login: string | undefined;
  password: string | undefined;
  role: string | undefined;
  /** Undefined where the CRM's value is empty and the field map says to clear. Others that are empty are left out. */
  fields: Record<string, FieldValue | undefined>;
  tags: readonly string[];
  warnings: string[];
}

/** Local keys that are not stored among the fields. */
const special = new Set(['user_email', 'user_login', 'user_pass', 'role']);

/** What ends a line or turns its direction would show somebody else's name, or another text. */
function isLogin(text: string): boolean {
  return isShort(text) && !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text);
}

/** Usernames and passwords are words, never lists of them, and a password is taken as it is, blanks and all. */
function convertSpecial(key: string, value: unknown, maxLength: number | undefined): Converted {
  const converted = convert(value, 'text', maxLength);
  if (typeof converted === 'string' || (key !== 'user_pass' && key !== 'user_login')) return converted;
  if (typeof value !== 'string' && typeof value !== 'number') return 'invalid';
  return key === 'user_pass' ? { value: String(value) } : converted;
}

/** The usable address of a contact. */
export function emailOf({ fields }: Contact, { user_email: source }: FieldMap): string | undefined {
  const converted = source && convert(fields.get(source.field), 'text', source.maxLength);
  return typeof converted === 'object' ? emailAddress(String(converted.value)) : undefined;
}

/** Reads a contact through a field map. Values that do not convert are left out, with a warning that names the field. */
export function profileOf(contact: Contact, fieldMap: FieldMap): Profile {
  const fields: Profile['fields'] = {};
  const texts: Record<string, string> = {};
  const warnings: string[] = [];
  for (const [key, { field, type, clearWhenEmpty, maxLength }] of Object.entries(fieldMap)) {
    const value = contact.fields.get(field);
    const converted = special.has(key)
      ? convertSpecial(key, value, maxLength)
      : convert(value, type, maxLength);
    if (converted === 'invalid') warnings.push(`field_invalid:${key}`);
    else if (converted === 'empty') {
      if (clearWhenEmpty && !special.has(key)) fields[key] = undefined;
    } else if (special.has(key)) texts[key] = String(converted.value);
    else fields[key] = converted.value;
  }
  const { user_email, user_login, user_pass: password, role } = texts as Record<string, string | undefined>;
  const email = emailOf(contact, fieldMap);
  if (user_email !== undefined && email === undefined) warnings.push('field_invalid:user_email');
  if (email !== undefined && !isMailable(email)) warnings.push('address_not_mailable');
  const badCharacter = email === undefined ? forbiddenCharacter(user_email ?? '') : undefined;
  const login = user_login !== undefined && isLogin(user_login) ? user_login : undefined;
  if (user_login !== login) warnings.push('field_invalid:user_login');
  return {
    email,
    ...(badCharacter ? { badCharacter } : {}),
    login,
    password,
    role,
    fields,
    tags: contact.tags,
    warnings,
  };
}
