import type { Contact, FieldMap } from '../crm/connector.ts';
import { convert, type FieldValue } from '../crm/field-value.ts';
import { emailAddress, isShort } from '../users/email-address.ts';

/** A contact, read by the field map: what a user would be made of. */
export interface Profile {
  email: string | undefined;
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

function isLogin(text: string): boolean {
  return isShort(text) && !/\p{Cc}/u.test(text);
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
    const converted = convert(contact.fields.get(field), special.has(key) ? 'text' : type, maxLength);
    if (converted === 'invalid') warnings.push(`field_invalid:${key}`);
    else if (converted === 'empty') {
      if (clearWhenEmpty && !special.has(key)) fields[key] = undefined;
    } else if (special.has(key)) texts[key] = String(converted.value);
    else fields[key] = converted.value;
  }
  const { user_email, user_login, user_pass: password, role } = texts as Record<string, string | undefined>;
  const email = emailOf(contact, fieldMap);
  if (user_email !== undefined && email === undefined) warnings.push('field_invalid:user_email');
  const login = user_login !== undefined && isLogin(user_login) ? user_login : undefined;
  if (user_login !== login) warnings.push('field_invalid:user_login');
  return { email, login, password, role, fields, tags: contact.tags, warnings };
}
