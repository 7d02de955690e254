import { type Json, parseJson } from './json.ts';

/** What may be wrong with the tags in an answer. */
export type TagFault = 'tags_absent' | 'tags_null' | 'no_tags_shape';

/**
 * Takes the tags out of an answer, makes them null, or gives them a shape that no CRM has, wherever one of the paths leads: steps
 * between dots, `*` being each element.
 */
export function spoilTags(body: string, paths: readonly string[], fault: TagFault): string {
  const value = parseJson(body);
  if (value === undefined) return body;
  for (const path of paths) spoil(value, path.split('.'), fault);
  return JSON.stringify(value);
}

function spoil(value: Json, [step = '', ...further]: readonly string[], fault: TagFault): void {
  if (typeof value !== 'object' || value === null) return;
  if (step === '*') {
    for (const element of Object.values(value)) spoil(element, further, fault);
    return;
  }
  if (Array.isArray(value)) return;
  if (further.length > 0) spoil(value[step] ?? null, further, fault);
  else if (fault === 'tags_absent') delete value[step];
  // Also where there are none: some CRMs leave them out.
  else if ('id' in value || step in value) value[step] = fault === 'tags_null' ? null : { customer: true };
}
