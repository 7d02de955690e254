import { isTemplate, type TemplateForms } from '../crm/template-forms.ts';
import type { WebhookForm } from '../crm/webhook-form.ts';
import { toUsherError, UsherError } from '../errors.ts';
import { emailAddress } from '../mail/email-address.ts';
import type { Payload } from './body.ts';
import { expectBatch, type Place, placesAt } from './ways.ts';

/** A contact by its id, or by an address where the body has none: then the CRM is asked whose that is. */
export type NamedContact = { contactId: string } | { contactEmail: string };

/** The contacts that a body names. */
export interface NamedContacts {
  /** Each once, in the order of the body. */
  contacts: NamedContact[];
  /** Where each of them stands first among the elements of a list, from 0. */
  places: number[];
  /** The body holds a list: each element is a job, even if there is only one. */
  isBatch: boolean;
  /** Elements of a list that hold no id, or one that cannot be used. */
  withoutId: number;
  /** Elements of a list whose id the CRM has not filled in. */
  notFilled: number;
  /** Events that have to do with no contact. */
  ignored: number;
}

export const nobody: NamedContacts = {
  contacts: [],
  places: [],
  isBatch: false,
  withoutId: 0,
  notFilled: 0,
  ignored: 0,
};

/** How a CRM's bodies name contacts, and how it spells and marks ids. */
export interface BodyForm {
  webhook: Pick<WebhookForm, 'ids' | 'emails' | 'isOurs'>;
  templateForms: TemplateForms;
  contactId(text: string): string | undefined;
}

/** The id is a placeholder of the CRM's: nobody has it, and looking for it would be in vain. */
export class TemplateNotFilled extends UsherError {
  override name = 'TemplateNotFilled';
  constructor() {
    super(
      'template_not_filled',
      'The contact id is still a placeholder: the CRM did not fill it in. Correct its name in the webhook step.',
    );
  }
}

const longestId = 256;

/** The text of an id. Marketers type the body, so it may be a number or blank. */
function idText(value: unknown): string {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new UsherError('invalid_parameter', 'A contact id is too long for a number: send it as text.');
  }
  // JSON can hold half a surrogate pair; neither a URL nor the table can.
  const text = typeof value === 'string' ? value.trim().toWellFormed() : '';
  if ([...text].length <= longestId) return text;
  throw new UsherError('invalid_parameter', 'A contact id has more than 256 characters.');
}

/** An id in the one spelling that its CRM has for it; what is no id of this CRM's is looked for as it is. */
export const spelledId = (id: string, form: Pick<BodyForm, 'contactId'> | undefined): string =>
  form?.contactId(id) ?? id;

/** What stands in the place of a contact: one, nothing, something that cannot be used, or an event that is about none. */
type Read = NamedContact | undefined | UsherError | 'ignored';

function readAs(value: unknown, form: BodyForm, as: 'ids' | 'emails'): Read {
  try {
    const text = idText(value);
    if (isTemplate(text, form.templateForms)) return new TemplateNotFilled();
    if (text === '') return undefined;
    if (as === 'ids') return { contactId: spelledId(text, form) };
    return emailAddress(text) === undefined ? undefined : { contactEmail: text };
  } catch (error) {
    return toUsherError(error);
  }
}

const isFound = (read: Read): read is NamedContact =>
  typeof read === 'object' && !(read instanceof UsherError);

/** What an event says: a body, or an element of one that is a list. */
interface Found {
  reads: Read[];
  isList: boolean;
}

/** What a connector cannot even look at is none of its events. */
function isOurEvent({ isOurs = () => true }: BodyForm['webhook'], event: unknown, body: unknown): boolean {
  try {
    return isOurs(event, body);
  } catch {
    return false;
  }
}

type Look = (way: readonly string[]) => ReturnType<typeof placesAt>;

/**
 * The first way that leads to anything counts, those to ids before those to addresses. Each element of a list is looked at by
 * itself: they may differ in shape.
 */
function inEvent(body: unknown, form: BodyForm, look: Look): Found {
  const isOurs = (event: unknown) => isOurEvent(form.webhook, event, body);
  const elements = new Map<string, { event: unknown; read: Read }>();
  let isBatch = false;
  for (const as of ['ids', 'emails'] as const) {
    for (const way of form.webhook[as] ?? []) {
      const { places, isList } = look(way);
      isBatch ||= isList;
      for (const { key, event: element, value } of places) {
        const read = elements.get(key)?.read ?? readAs(value, form, as);
        if (isList) elements.set(key, { event: element, read });
        else if (!isBatch && read !== undefined) return { reads: [isOurs(body) ? read : 'ignored'], isList };
      }
    }
  }
  if (!isBatch) return { reads: [isOurs(body) ? undefined : 'ignored'], isList: isBatch };
  const reads = [...elements.values()].map(({ event, read }) => (isOurs(event) ? read : 'ignored'));
  return { reads, isList: isBatch };
}

/** The same for one contact, or one mailbox however it is spelled. */
const keyOf = (contact: NamedContact) =>
  'contactId' in contact ? `id ${contact.contactId}` : `email ${contact.contactEmail.toLowerCase()}`;

/** `user[id]`, as forms write nested names. */
const formName = (way: readonly string[]) =>
  way.map((step, index) => (index === 0 ? step : `[${step}]`)).join('');

function inForm(fields: URLSearchParams, form: BodyForm): Found {
  const event = Object.fromEntries(fields);
  const place = (value: unknown): Place => ({ value, key: '', event });
  return inEvent(event, form, (way) => ({ places: [place(fields.get(formName(way)))], isList: false }));
}

function inJson(body: unknown, form: BodyForm): Found {
  if (!Array.isArray(body)) return inEvent(body, form, (way) => placesAt(body, way));
  expectBatch(body.length);
  const reads = body.flatMap((event) => inEvent(event, form, (way) => placesAt(event, way)).reads);
  return { reads, isList: true };
}

/**
 * Finds the contacts in a body.
 *
 * @throws UsherError `payload_too_large` for more than 1,000 elements; `invalid_parameter` or `template_not_filled` when there
 * are only unusable ids
 */
export function namedContacts(payload: Payload, form: BodyForm): NamedContacts {
  if (payload.kind === 'none') return nobody;
  const found = payload.kind === 'form' ? inForm(payload.fields, form) : inJson(payload.value, form);
  const { reads, isList: isBatch } = found;
  expectBatch(reads.length);
  const unusable = reads.find((read) => read instanceof UsherError);
  // One bad element of a batch must not keep the others out.
  if (unusable && !reads.some(isFound)) throw unusable;
  const keys = reads.map((read) => (isFound(read) ? keyOf(read) : undefined));
  const places = [...new Set(keys)].filter((key) => key !== undefined).map((key) => keys.indexOf(key));
  const count = (is: (read: Read) => boolean) => (isBatch ? reads.filter(is).length : 0);
  const notFilled = count((read) => read instanceof TemplateNotFilled);
  return {
    contacts: places.map((place) => reads[place]).filter(isFound),
    places,
    isBatch,
    withoutId: count((read) => read === undefined || read instanceof UsherError) - notFilled,
    notFilled,
    ignored: reads.filter((read) => read === 'ignored').length,
  };
}
