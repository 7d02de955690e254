import type { Credentials } from '../../functions/crm/connector.ts';
import type { ListKind, ListPage } from '../../functions/crm/contact-list.ts';
import type { SignedWebhook } from '../../functions/crm/webhook-form.ts';
import type { NamedContacts } from '../../functions/webhook/named-contacts.ts';
import type { PersonDraft } from '../../lib/sandbox/person.ts';

/** Answers to the requests of one conversation, in their order. */
export type Answers = readonly unknown[];

/** What a connector has to make of its answers. Of the fields, those that matter here. */
export interface ExpectedContact {
  id: string;
  fields: Readonly<Record<string, unknown>>;
  tags: readonly string[];
}

/** One person: in the shapes in which the CRM was seen to answer it, and as its sandbox stores it. */
export interface Example {
  name: string;
  /** From the vendor's documents or recordings, whole answers to `load`. */
  recorded: Readonly<Record<string, Answers>>;
  sandbox: PersonDraft;
  contact: ExpectedContact;
}

/** An answer that is no success. */
export interface Refusal {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** JSON unless it is a text. */
  body: unknown;
  /** Of Usher's errors. */
  code: string;
  /** After which the CRM says that calls are allowed again. */
  seconds?: number;
  /** Whether it is the answer to a write. */
  isWrite?: boolean;
}

/**
 * What the shared suite has to know of a CRM. Requests are written as `PUT contacts/7?notify=no {"city":"Bern"}`: method, path and query
 * below the base URL, body.
 */
export interface ConnectorEntry {
  /** Settings as an operator writes them, and the base URL that they give. The first are used for everything else. */
  baseUrls: readonly (readonly [settings: object, baseUrl: string])[];
  /** What the connection's secret holds. */
  credentials: Credentials;
  /** A request without anything, once the credentials are in it. */
  authorised: { headers?: Readonly<Record<string, string>>; query?: Readonly<Record<string, string>> };
  examples: readonly Example[];
  /** Whole answers and the ids of the contacts in them: nobody, several. */
  otherAnswers: Readonly<Record<string, readonly [answers: Answers, ids: readonly string[]]>>;
  /** Whole answers and what becomes of their fields, where no sandbox has the like. */
  fields?: Readonly<Record<string, readonly [answers: Answers, fields: Readonly<Record<string, unknown>>]>>;
  /** Whole answers under other settings, the tags in them (`refused` for none that could be read), and the requests. */
  otherSettings?: Readonly<
    Record<
      string,
      readonly [
        settings: object,
        answers: Answers,
        tags: readonly string[] | 'refused',
        requests: readonly string[],
      ]
    >
  >;
  /** Answers that say nothing about anybody: above all those that a careless reader would take for "no tags". */
  refused: Readonly<Record<string, Answers>>;
  /**
   * Refusals as the vendor words them, to a load unless told, and what they mean. Among them have to be an unknown contact, wrong
   * credentials and a limit.
   */
  errors: Readonly<Record<string, Refusal>>;
  /** Without tags the CRM answers so: it leaves them out, or has null. Neither unless told, and then no such answer is believed. */
  noTags?: readonly ('tags_absent' | 'tags_null')[];
  /** What stands in no tag of this CRM, such as a comma where tags are one text. */
  tagsCannotHave?: readonly string[];
  /**
   * Contacts that were merged, archived or deleted: who is asked for, whole answers with 200, and the id of the contact that
   * becomes of them, or the code of an error.
   */
  former?: Readonly<Record<string, readonly [id: string, answers: Answers, becomes: string]>>;
  /** Webhooks that the vendor signs, at the time of their signature: for a CRM that signs. */
  signed?: Readonly<Record<string, { webhook: SignedWebhook; secret: string }>>;
  /** Headers under which the CRM answers in its several shapes. */
  versions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Bodies of webhooks as the CRM sends them, and the contacts in them. */
  webhooks: Readonly<Record<string, readonly [body: unknown, contacts: Partial<NamedContacts>]>>;
  /** Ids as senders write them, and the one spelling; undefined where the CRM can have no such contact. */
  ids: readonly (readonly [given: string, spelled: string | undefined])[];
  /** An id that nobody has. */
  unknownId: string;
  /** The first request of a load by id, and by address. */
  loads: Readonly<Record<string, string>>;
  finds: Readonly<Record<string, string>>;
  /** All requests of a write, and the answers to them. */
  writes: readonly {
    id: string;
    field: string;
    value: string;
    answers: Answers;
    requests: readonly string[];
  }[];
  /**
   * Lists of contacts, where the CRM has any: what is asked for, from which place on, whole answers, and what becomes of them. A tag is
   * looked for by its name; what the answers are to says `requests`.
   */
  lists?: Readonly<
    Record<
      string,
      {
        kind: ListKind;
        of?: string;
        place?: string;
        answers: Answers;
        requests: readonly string[];
        page: ListPage | { names: readonly string[] };
      }
    >
  >;
  /** Pages that list nobody, each the whole answer to a list of all. */
  noLists?: Readonly<Record<string, Answers>>;
  /** The request that only valid credentials can make. */
  check: string;
  /** Whole answers to `fields`, some of the names in them, and the requests. */
  fieldLists: Readonly<
    Record<string, readonly [answers: Answers, names: readonly string[], requests: readonly string[]]>
  >;
  /** Answers that list no fields. */
  noFieldLists: Readonly<Record<string, Answers>>;
  /** Fields of the sandbox that can be written, standard and custom. */
  writable: readonly string[];
}
