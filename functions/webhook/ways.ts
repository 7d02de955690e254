import { UsherError } from '../errors.ts';

const largestBatch = 1000;

/** @throws UsherError `payload_too_large` for more than a batch holds */
export function expectBatch(elements: number): void {
  if (elements > largestBatch)
    throw new UsherError('payload_too_large', 'A batch holds at most 1,000 contacts.');
}

/** What stands at the end of a way into a body. */
export interface Place {
  value: unknown;
  /** The element of a list that it belongs to, by the way to it; empty for the body itself. */
  key: string;
  /** That element, or the body. */
  event: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * The values at a way; an array on it stands for each of its elements.
 *
 * @throws UsherError `payload_too_large`
 */
export function placesAt(body: unknown, way: readonly string[]): { places: Place[]; isList: boolean } {
  let isList = false;
  function from(value: unknown, steps: readonly string[], { key, event }: Omit<Place, 'value'>): Place[] {
    if (Array.isArray(value)) {
      isList = true;
      expectBatch(value.length);
      return value.flatMap((item, index) => {
        const element = { key: `${key}/${index}`, event: item };
        // A list in a list is nobody.
        return Array.isArray(item) ? [{ value: undefined, ...element }] : from(item, steps, element);
      });
    }
    const [step, ...rest] = steps;
    if (step === undefined) return [{ value, key, event }];
    const inner = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (inner === undefined) return [{ value: undefined, key, event }];
    return from(inner, rest, { key: Array.isArray(inner) ? `${key}/${step}` : key, event });
  }
  return { places: from(body, way, { key: '', event: body }), isList };
}
