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
}

const largestBatch = 1000;
const longestId = 256;

/** An id as text. Marketers type the body, so it may be a number or blank. */
function idText(value: unknown): string | undefined {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new UsherError('invalid_parameter', 'A contact id is too long for a number: send it as text.');
  }
  // JSON can hold half a surrogate pair; neither a URL nor the table can.
  const text = typeof value === 'string' ? value.trim().toWellFormed() : '';
  if ([...text].length > longestId) {
    throw new UsherError('invalid_parameter', 'A contact id has more than 256 characters.');
  }
  return text === '' ? undefined : text;
}

/** The values at a path; an array on the way stands for each of its elements. */
function valuesAt(
  value: unknown,
  [step, ...rest]: readonly string[],
): { values: unknown[]; isList: boolean } {
  if (Array.isArray(value)) {
    if (value.length > largestBatch) {
      throw new UsherError('payload_too_large', 'A batch holds at most 1,000 contacts.');
    }
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

function readId(value: unknown): Read {
  try {
    return idText(value);
  } catch (error) {
    return toUsherError(error);
  }
}

function inElement(
  element: unknown,
  paths: readonly (readonly string[])[],
): { ids: Read[]; isList: boolean } {
  for (const path of paths) {
    const { values, isList } = valuesAt(element, path);
    const ids = values.map(readId);
    if (isList || ids.some((id) => id !== undefined)) return { ids, isList };
  }
  return { ids: [undefined], isList: false };
}

/** `user[id]`, as forms write nested names. */
const formName = (path: readonly string[]) =>
  path.map((step, index) => (index === 0 ? step : `[${step}]`)).join('');

/**
 * Finds the contacts in a body by a connector's paths.
 *
 * @throws UsherError `payload_too_large` for more than 1,000 elements, `invalid_parameter` when there are only unusable ids
 */
export function namedContacts(payload: Payload, paths: readonly (readonly string[])[]): NamedContacts {
  if (payload.kind === 'none') return { ids: [], places: [], isBatch: false, withoutId: 0 };
  if (payload.kind === 'form') {
    const found = paths.map((path) => idText(payload.fields.get(formName(path)) ?? undefined)).find(Boolean);
    return { ids: found === undefined ? [] : [found], places: [], isBatch: false, withoutId: 0 };
  }
  const isList = Array.isArray(payload.value);
  const elements: unknown[] = isList ? (payload.value as unknown[]) : [payload.value];
  if (elements.length > largestBatch) {
    throw new UsherError('payload_too_large', 'A batch holds at most 1,000 contacts.');
  }
  const found = elements.map((element) => inElement(element, paths));
  const ids = found.flatMap((element) => element.ids);
  if (ids.length > largestBatch) {
    throw new UsherError('payload_too_large', 'A batch holds at most 1,000 contacts.');
  }
  const isBatch = isList || found.some((element) => element.isList);
  const usable = ids.filter((id) => typeof id === 'string');
  const unusable = ids.find((id) => id instanceof UsherError);
  // One bad element of a batch must not keep the others out.
  if (unusable && usable.length === 0) throw unusable;
  const places = [...new Set(usable)].map((id) => ids.indexOf(id));
  return { ids: [...new Set(usable)], places, isBatch, withoutId: isBatch ? ids.length - usable.length : 0 };
}
