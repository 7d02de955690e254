import type { FieldType } from './connector.ts';
import { isoTime } from './iso-time.ts';
import { deepest, isLongerThan } from './value-length.ts';

/** A stored field's value: what DynamoDB can hold. */
export type FieldValue = string | number | boolean | FieldValue[] | { [key: string]: FieldValue };

/** What became of a CRM's value: converted, empty, or of another type than the field map says. */
export type Converted = { value: FieldValue } | 'empty' | 'invalid';

const invalid = 'invalid';

/** Empty is what a CRM sends for "not set": null, nothing, blank text, an empty list. Never `false` or 0. */
export function isEmpty(value: unknown, depth = 0): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && depth < deepest && value.every((item) => isEmpty(item, depth + 1));
}

/** What is not set has no place in a list of values either. */
const withoutEmpty = (items: readonly unknown[]) => items.filter((item) => !isEmpty(item, 1));

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** JSON can hold half a surrogate pair. UTF-8 cannot: it would come back from the table as something else. */
function asText(value: string | number | boolean): string {
  return String(value).trim().toWellFormed();
}

/**
 * A number as DynamoDB and its document client take it, or undefined. -0 would come back as 0.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
function storable(value: number): number | undefined {
  const size = Math.abs(value);
  const fits = size === 0 || (size >= 1e-130 && size <= Number.MAX_SAFE_INTEGER);
  return fits ? value + 0 : undefined;
}

function text(value: unknown): Converted {
  if (isScalar(value)) return { value: asText(value) };
  const items = Array.isArray(value) ? withoutEmpty(value) : [value];
  return items.every(isScalar) ? { value: items.map(asText).join(', ') } : invalid;
}

function number(value: unknown): Converted {
  if (typeof value !== 'number' && typeof value !== 'string') return invalid;
  const written = String(value).trim();
  const isDecimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?$/i.test(written);
  const kept = isDecimal ? storable(Number(written)) : undefined;
  return kept === undefined ? invalid : { value: kept };
}

function integer(value: unknown): Converted {
  const converted = number(value);
  return typeof converted === 'object' && Number.isSafeInteger(converted.value) ? converted : invalid;
}

const yes = new Set(['true', '1', 'yes', 'on', 'y', 't']);
const no = new Set(['false', '0', 'no', 'off', 'n', 'f']);

function checkbox(value: unknown): Converted {
  const word = isScalar(value) ? String(value).trim().toLowerCase() : '';
  if (yes.has(word)) return { value: true };
  return no.has(word) ? { value: false } : invalid;
}

/** A date keeps the day as it is written, whatever the zone: a birthday does not move. */
function date(value: unknown): Converted {
  const read = typeof value === 'string' ? isoTime(value.trim()) : undefined;
  return read ? { value: read.day } : invalid;
}

/** A date and time is stored in UTC with milliseconds. */
function datetime(value: unknown): Converted {
  const read = typeof value === 'string' ? isoTime(value.trim()) : undefined;
  return read ? { value: read.instant } : invalid;
}

/** A list of choices, given as a list or as text with commas. */
function multiselect(value: unknown): Converted {
  const choices = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
  const chosen = withoutEmpty(choices);
  if (!chosen.every(isScalar)) return invalid;
  const cleaned = chosen.map(asText);
  return cleaned.length === 0 ? 'empty' : { value: [...new Set(cleaned)] };
}

/** In bytes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const longestKey = 65_535;

/** Names that DynamoDB refuses, one that objects do not keep, and one by which the document client tells types apart. */
function isStorableKey(key: string): boolean {
  const isName = !['', '__proto__', 'constructor'].includes(key) && key.isWellFormed();
  return isName && Buffer.byteLength(key) <= longestKey;
}

function rawValue(value: unknown, depth: number): FieldValue | undefined {
  if (typeof value === 'number') return storable(value);
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth >= deepest) return undefined;
  if (Array.isArray(value)) {
    const items = value.filter((item) => item != null).map((item) => rawValue(item, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== null && inner !== undefined)
    .map(([key, inner]) => [key, rawValue(inner, depth + 1)] as const);
  if (entries.some(([key, inner]) => inner === undefined || !isStorableKey(key))) return undefined;
  return Object.fromEntries(entries) as { [key: string]: FieldValue };
}

function raw(value: unknown): Converted {
  const kept = rawValue(value, 0);
  return kept === undefined ? invalid : { value: kept };
}

const conversions: Record<FieldType, (value: unknown) => Converted> = {
  text,
  integer,
  number,
  checkbox,
  date,
  datetime,
  multiselect,
  raw,
};

/** Types whose values are long by nature. */
export const longTypes: ReadonlySet<FieldType> = new Set(['text', 'multiselect', 'raw']);
/** Of these in bytes, unless the field map says otherwise. */
export const longest = 16 * 1024;
/** No number and no date has more. Reading one may take time that grows faster than its length. */
const longestShort = 64;

/**
 * Converts what a CRM sent for a field to the type the field map gives it. See docs/field-map.md.
 *
 * @param maxLength in bytes, for `text`, `multiselect` and `raw`. A longer value is refused before anything reads it.
 */
export function convert(value: unknown, type: FieldType, maxLength = longest): Converted {
  if (isLongerThan(value, longTypes.has(type) ? maxLength : longestShort)) return invalid;
  return isEmpty(value) ? 'empty' : conversions[type](value);
}
