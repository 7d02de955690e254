import type * as z from 'zod/mini';
import type { ContactLists } from './contact-list.ts';
import type { Conversation, CrmRequest } from './conversation.ts';
import type { TemplateForms } from './template-forms.ts';
import type { WebhookForm } from './webhook-form.ts';

/** A contact as a CRM's API gave it, in Usher's terms. */
export interface Contact {
  /** The CRM's id, always as text: long numbers do not survive as numbers. */
  id: string;
  /** As the CRM writes it; a search may find similar ones. */
  email: string | undefined;
  /** The CRM's fields by their names there, with their values untouched. A `Map`, because a field may be called `__proto__`. */
  fields: ReadonlyMap<string, unknown>;
  /** Trimmed, in NFC, without empty ones and without duplicates. */
  tags: readonly string[];
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

/** What a connection's secret holds for the CRM, by the names of `Connector.secrets`. */
export type Credentials = Readonly<Record<string, string>> & { readonly apiToken: string };

/** An answer of the CRM's, whatever its status. */
export interface CrmAnswer {
  status: number;
  /** Names are lower-case. */
  headers: Readonly<Record<string, string>>;
  /** Parsed, or undefined where it is no JSON; the text for a request that wants text. */
  body: unknown;
}

/** What an answer is about, where status and headers alone do not say it. */
export type Meaning =
  /** There is no such contact. */
  | 'missing'
  /** The CRM does not take what was to be written. */
  | 'refused'
  /** The credentials are wrong. */
  | 'credentials'
  /** It says nothing: a missing plug-in, a wrong URL. */
  | 'invalid'
  /** Calls are limited, for so many seconds where it says so. */
  | { limited: number | undefined };

/** A token that ends, and until when it is good. */
export interface SignIn {
  accessToken: string;
  /** Counted from the answer on. */
  expiresInSeconds: number;
  /** Credentials that have changed with it, such as a refresh token that is good for one use. Not `apiToken`: passwords are made of it. */
  changed?: Readonly<Record<string, string>> & { apiToken?: never };
}

/** How well a CRM is known, in words: a sentence each, without its full stop. */
export interface KnownFacts {
  /** What becomes tags: `tags`, `lists`. */
  tags: string;
  /** What the connector was checked against, such as the vendor's OpenAPI or SDK. */
  checked: string;
  /** What nobody could check without an account. */
  open?: string;
}

/** Whom a conversation is about. */
export type ContactKey = { id: string } | { email: string };

/** One account's API: questions as conversations. */
export interface CrmApi {
  /** Ends in a slash. */
  baseUrl: string;
  /** The request with the credentials in it. `credentials` hold `accessToken`, too, where the CRM has `signIn`. */
  authorise(request: CrmRequest, credentials: Credentials): CrmRequest;
  /**
   * The contacts that the CRM has for an id or an address; none is a good answer. A missing list of tags is no answer.
   *
   * @param wanted the CRM's fields that are mapped: some CRMs give only what they are asked for
   */
  load(key: ContactKey, wanted: readonly string[]): Conversation<readonly Contact[]>;
  /**
   * Writes one field, standard or custom, of an existing contact. Where a write to an unknown id makes a contact, it looks first.
   *
   * @throws ContactNotFound
   */
  write(id: string, field: string, value: string): Conversation<unknown>;
  /** A cheap call that only valid credentials can make. */
  check(): Conversation<unknown>;
  /** The names that a field map may use, with those that every account has. */
  fields(): Conversation<Iterable<string>>;
  /** Page by page, the contacts that an import may be made of: all, those with a tag, those of a segment. What it cannot list is not there. */
  lists?: ContactLists;
  /** Says what the general rules would get wrong. Asked of every answer; undefined leaves it to them. */
  meaning?(answer: CrmAnswer, request: CrmRequest): Meaning | undefined;
  /** Fetches a token for the credentials. Without it they are all that is needed. */
  signIn?(credentials: Credentials): Conversation<SignIn>;
}

/**
 * A CRM, described as data and pure functions. The CRM client (`crm-client.ts`) runs its conversations. CONTRIBUTING.md says
 * how to add one.
 */
export interface Connector<Settings extends object = Record<string, unknown>> {
  /** As the vendor writes it. */
  title: string;
  /** What an operator sets in `usher.config.ts` besides the common options; not secret. Each is described by `describe`. */
  settings: z.ZodMiniObject<{ [Key in keyof Settings]: z.ZodMiniType<Settings[Key]> }>;
  /** What its secret holds, by the vendor's words: `{ apiToken: 'API key' }`. Which are needed, `neededSecrets` says. */
  secrets: Readonly<Record<string, string>> & { readonly apiToken: string };
  /** Its `apiToken` is a password that a person may have chosen, and no token that the vendor has drawn. */
  isTokenChosen?: true;
  webhook: WebhookForm;
  /** Marks in what a marketer types that the CRM fills in: an id with one was not filled in, and is nobody's. */
  templateForms: TemplateForms;
  /** The one spelling of a contact's id, or undefined when this CRM cannot have such a contact. */
  contactId(text: string): string | undefined;
  api(settings: Settings): CrmApi;
  /** Where to go on after the first 429. Without it the rate is learned from one call a second on. */
  limits?: Limits;
  /** The field map without any configuration. */
  defaultFields: FieldMap;
  /** No call lists the fields: `fields` has those that some contacts have, and a write makes one that is not there. */
  hasSeenFields?: boolean;
  /** For the table of docs/crms.md. */
  known: KnownFacts;
  /** What else an operator should know, for docs/crms.md: a sentence each. */
  notes?: readonly string[];
  /** What a marketer does in this CRM with a webhook URL, step by step, in plain text. */
  setup(webhookUrl: string): readonly string[];
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

/** The names of the secrets without which nothing works. What webhooks are signed with is none: CRMs that sign need not be asked to. */
export const neededSecrets = (secrets: Connector['secrets']): string[] =>
  Object.keys(secrets).filter((name) => name !== 'webhookSecret');
