import type * as z from 'zod';
import type { TemplateForms } from './template-forms.ts';

/** A contact as a CRM's API gave it, in Usher's terms. */
export interface Contact {
  /** The CRM's id, always as text: long numbers do not survive as numbers. */
  id: string;
  /** The CRM's fields by their names there, with their values untouched. A `Map`, because a field may be called `__proto__`. */
  fields: ReadonlyMap<string, unknown>;
  /** Trimmed, in NFC, without empty ones and without duplicates. */
  tags: readonly string[];
}

/** One call of a CRM's API, as a value. The CRM client adds base URL and credentials, and sends it. */
export interface CrmRequest {
  /** Stands for the URL in logs: no ids, no addresses. */
  template: string;
  method: 'GET' | 'POST' | 'PUT';
  /** Relative to the base URL, already percent-encoded. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
}

/** What type a field's values are stored as. docs/field-map.md describes each conversion. */
export const fieldTypes = [
  'text',
  'integer',
  'number',
  'checkbox',
  'date',
  'datetime',
  'multiselect',
  'raw',
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** Where a local field comes from. */
export interface MappedField {
  /** The field's name in the CRM. */
  field: string;
  type: FieldType;
  /** An empty value in the CRM removes the stored one; by default it leaves it. */
  clearWhenEmpty: boolean;
  /** In bytes, of `text`, `multiselect` and `raw`: a longer value is refused. 16 KB when it is not said. */
  maxLength?: number | undefined;
}

/** Local key → CRM field. */
export type FieldMap = Readonly<Record<string, MappedField>>;

/** What an answer's headers say of the vendor's limit. */
export interface NamedLimit {
  /** Calls a second. */
  perSecond?: number;
  /** Seconds until calls are allowed again. */
  seconds?: number;
}

/** The vendor's limit, as far as it is documented. */
export interface Limits {
  /** Calls a second. */
  perSecond?: number;
  /** Reads the vendor's own headers, with lower-case names; `Retry-After` is read for every CRM. */
  named?(headers: Readonly<Record<string, string>>, now: Date): NamedLimit;
}

/**
 * A CRM, described as data and pure functions. It does no I/O: requests are values, answers are parsed values.
 * The CRM client (`crm-client.ts`) runs it. Adding a CRM is one file like this and one line in `registry.ts`.
 */
export interface Connector<Settings extends object = Record<string, unknown>> {
  /** As the vendor writes it. */
  title: string;
  /** What an operator sets in `usher.config.ts` besides the common options; not secret. */
  settings: z.ZodObject<{ [Key in keyof Settings]: z.ZodType<Settings[Key]> }>;
  /** Ends in a slash. */
  baseUrl(settings: Settings): string;
  /** The headers that carry the API token. */
  authenticate(token: string): Record<string, string>;
  /** Where the contact's id may stand in a webhook's body, likeliest first. An array on the way makes it a batch. */
  contactPaths: readonly (readonly string[])[];
  /** Marks in what a marketer types that the CRM fills in: an id with one was not filled in, and is nobody's. */
  templateForms: TemplateForms;
  /** The one spelling of a contact's id, or undefined when this CRM cannot have such a contact. */
  contactId(text: string): string | undefined;
  loadById(id: string): CrmRequest;
  loadByEmail(email: string): CrmRequest;
  /**
   * The contacts in an answer to `loadById` or `loadByEmail`.
   *
   * @throws z.ZodError when the answer has another shape: it is then no answer at all, and never "no tags".
   */
  readContacts(answer: unknown): Contact[];
  /** Writes one field, standard or custom, of an existing contact. */
  writeField(id: string, field: string, value: string): CrmRequest;
  /** Writing to an unknown id creates a contact, so one must look before writing. */
  writeCreatesContacts: boolean;
  /** A cheap call that only valid credentials can make. */
  testCredentials(): CrmRequest;
  /** The fields that contacts of the account can have, page by page from 1 on. */
  listFields(page: number): CrmRequest;
  /**
   * The names in an answer to `listFields`, as a field map writes them; those that every account has stand on each page.
   *
   * @throws z.ZodError when the answer has another shape
   */
  readFields(answer: unknown): { names: readonly string[]; hasMore: boolean };
  /** Where to go on after the first 429. Without it the rate is learned from one call a second on. */
  limits?: Limits;
  /** The field map without any configuration. */
  defaultFields: FieldMap;
  /** What a marketer does in this CRM with a webhook URL. Plain text, a step a line. */
  setup(webhookUrl: string): string;
}

/** Shorthand for default field maps. */
export function mapped(field: string, type: FieldType = 'text'): MappedField {
  return { field, type, clearWhenEmpty: false };
}

/**
 * Tags as Usher keeps them: in NFC, trimmed, fit for UTF-8, without empty ones, each once, in the CRM's order. What looks the same
 * and comes from two keyboards is one tag.
 */
export function cleanTags(tags: readonly (string | null)[]): string[] {
  const cleaned = tags.map((tag) => (tag ?? '').toWellFormed().normalize('NFC').trim());
  return [...new Set(cleaned.filter((tag) => tag !== ''))];
}
