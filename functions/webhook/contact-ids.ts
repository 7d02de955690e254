import { isTemplate, type TemplateForms } from '../crm/template-forms.ts';
import { toUsherError, UsherError } from '../errors.ts';
import type { Payload } from './body.ts';

/** The contacts that a body names. */
export interface NamedContacts {
  /** Each once, in the order of the body. */
  ids: string[];
  /** Where each of them stands first among the elements of a list, from 0. */
  places: number[];
  /** The body holds a list: each element is a job, even if there is only one. */
  isBatch: boolean;
  /** Elements of a list that hold no id, or one that cannot be used. */
  withoutId: number;
  /** Elements of a list whose id the CRM has not filled in. */
  notFilled: number;
}

/** Where a CRM's bodies name contacts, and what an id looks like that was not filled in. */
export interface BodyForm {
  contactPaths: readonly (readonly string[])[];
  templateForms: TemplateForms;
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

const largestBatch = 1000;
const longestId = 256;
const largeBatch = () => new UsherError('payload_too_large', 'A batch holds at most 1,000 contacts.');

/** An id as text. Marketers type the body, so it may be a number or blank. */
function idText(value: unknown, templateForms: TemplateForms): string | undefined {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new UsherError('invalid_parameter', 'A contact id is too long for a number: send it as text.');
  }
  // JSON can hold half a surrogate pair; neither a URL nor the table can.
  const text = typeof value === 'string' ? value.trim().toWellFormed() : '';
  if ([...text].length > longestId) {
    throw new UsherError('invalid_parameter', 'A contact id has more than 256 characters.');
  }
  if (isTemplate(text, templateForms)) throw new TemplateNotFilled();
  return text === '' ? undefined : text;
}

/** The values at a path; an array on the way stands for each of its elements. */
function valuesAt(
  value: unknown,
  [step, ...rest]: readonly string[],
): { values: unknown[]; isList: boolean } {
  if (Array.isArray(value)) {
    if (value.length > largestBatch) throw largeBatch();
    const path = step === undefined ? [] : [step, ...rest];
    return {
      values: value.flatMap((item) => (Array.isArray(item) ? [undefined] : valuesAt(item, path).values)),
      isList: true,
    };
  }
  if (step === undefined) return { values: [value], isList: false };
  const isPresent = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
  return isPresent
    ? valuesAt((value as Record<string, unknown>)[step], rest)
    : { values: [undefined], isList: false };
}

/** What stands in the place of an id: one, nothing, or something that cannot be used. */
type Read = string | undefined | UsherError;

function readId(value: unknown, templateForms: TemplateForms): Read {
  try {
    return idText(value, templateForms);
  } catch (error) {
    return toUsherError(error);
  }
}

function inElement(
  element: unknown,
  { contactPaths, templateForms }: BodyForm,
): { ids: Read[]; isList: boolean } {
  for (const path of contactPaths) {
    const { values, isList } = valuesAt(element, path);
    const ids = values.map((value) => readId(value, templateForms));
    if (isList || ids.some((id) => id !== undefined)) return { ids, isList };
  }
  return { ids: [undefined], isList: false };
}

/** `user[id]`, as forms write nested names. */
const formName = (path: readonly string[]) =>
  path.map((step, index) => (index === 0 ? step : `[${step}]`)).join('');

function inForm(fields: URLSearchParams, { contactPaths, templateForms }: BodyForm): string[] {
  const texts = contactPaths.map((path) => fields.get(formName(path)) ?? undefined);
  const found = texts.map((text) => idText(text, templateForms)).find((id) => id !== undefined);
  return found === undefined ? [] : [found];
}

/**
 * Finds the contacts in a body by a connector's paths.
 *
 * @throws UsherError `payload_too_large` for more than 1,000 elements; `invalid_parameter` or `template_not_filled` when there
 * are only unusable ids
 */
export function namedContacts(payload: Payload, form: BodyForm): NamedContacts {
  const none = { ids: [], places: [], isBatch: false, withoutId: 0, notFilled: 0 };
  if (payload.kind === 'none') return none;
  if (payload.kind === 'form') return { ...none, ids: inForm(payload.fields, form) };
  const isList = Array.isArray(payload.value);
  const elements: unknown[] = isList ? (payload.value as unknown[]) : [payload.value];
  if (elements.length > largestBatch) throw largeBatch();
  const found = elements.map((element) => inElement(element, form));
  const ids = found.flatMap((element) => element.ids);
  if (ids.length > largestBatch) throw largeBatch();
  const usable = ids.filter((id) => typeof id === 'string');
  const unusable = ids.find((id) => id instanceof UsherError);
  // One bad element of a batch must not keep the others out.
  if (unusable && usable.length === 0) throw unusable;
  const isBatch = isList || found.some((element) => element.isList);
  const notFilled = isBatch ? ids.filter((id) => id instanceof TemplateNotFilled).length : 0;
  const withoutId = isBatch ? ids.length - usable.length - notFilled : 0;
  const unique = [...new Set(usable)];
  const places = unique.map((id) => ids.indexOf(id));
  return { ids: unique, places, isBatch, withoutId, notFilled };
}
