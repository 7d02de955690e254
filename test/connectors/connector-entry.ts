import type { Contact, CrmRequest } from '../../functions/crm/connector.ts';
import type { CrmName, connectors } from '../../functions/crm/registry.ts';
import type { NamedContacts } from '../../functions/webhook/contact-ids.ts';
import type { PersonDraft } from '../../lib/sandbox/person.ts';

type SettingsOf<Crm extends CrmName> = Parameters<(typeof connectors)[Crm]['baseUrl']>[0];

/** What a connector has to make of an answer. Of the fields, those that matter here. */
export interface ExpectedContact {
  id: string;
  fields: Readonly<Record<string, unknown>>;
  tags: Contact['tags'];
}

/** One person: in the shapes in which the CRM was seen to answer it, and as its sandbox stores it. */
export interface Example {
  name: string;
  /** From the vendor's documents or recordings, whole answers to `loadById` or `loadByEmail`. */
  recorded: Readonly<Record<string, unknown>>;
  sandbox: PersonDraft;
  contact: ExpectedContact;
}

/** What the shared suite has to know of a CRM. */
export interface ConnectorEntry<Crm extends CrmName = CrmName> {
  /** Settings and the base URL that they give. */
  baseUrls: readonly (readonly [settings: SettingsOf<Crm>, baseUrl: string])[];
  /** How the token is sent. */
  credentials: Readonly<Record<string, string>>;
  examples: readonly Example[];
  /** Whole answers and the ids of the contacts in them: nobody, several. */
  otherAnswers: Readonly<Record<string, readonly [answer: unknown, ids: readonly string[]]>>;
  /** Answers that say nothing about anybody: above all those that a careless reader would take for "no tags". */
  refused: Readonly<Record<string, unknown>>;
  /** Headers under which the CRM answers in its several shapes. */
  versions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Bodies of webhooks as the CRM sends them, and the contacts in them. */
  webhooks: Readonly<Record<string, readonly [body: unknown, contacts: Partial<NamedContacts>]>>;
  /** Ids as senders write them, and the one spelling; undefined where the CRM can have no such contact. */
  ids: readonly (readonly [given: string, spelled: string | undefined])[];
  /** An id that nobody has. */
  unknownId: string;
  requests: {
    loadById: readonly (readonly [id: string, request: CrmRequest])[];
    loadByEmail: readonly (readonly [email: string, request: CrmRequest])[];
    writeField: readonly (readonly [id: string, field: string, value: string, request: CrmRequest])[];
    testCredentials: CrmRequest;
    listFields: readonly (readonly [page: number, request: CrmRequest])[];
  };
  /** Whole answers to `listFields` and some of the names in them. */
  fieldLists: Readonly<
    Record<string, readonly [answer: unknown, names: readonly string[], hasMore: boolean]>
  >;
  /** Answers that list no fields. */
  noFieldLists: Readonly<Record<string, unknown>>;
  /** Fields of the sandbox that can be written, standard and custom. */
  writable: readonly string[];
}
