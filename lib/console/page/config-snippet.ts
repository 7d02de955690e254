/** A name for a CRM's field that needs no quotes in TypeScript. */
function keyOf(field: string): string {
  const words = field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const key = words.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(key) ? key : `field_${key}`.replace(/_$/, '');
}

/**
 * A piece of `usher.config.ts` that maps fields of a CRM: what is pasted among a connection's fields.
 *
 * @param taken names that are mapped already: a second one of a name would hide the first
 */
export function configSnippet(fields: readonly string[], taken: readonly string[]): string {
  const used = new Set(taken);
  const lines = fields.map((field) => {
    const wanted = keyOf(field);
    let key = wanted;
    for (let number = 2; used.has(key); number += 1) key = `${wanted}_${number}`;
    used.add(key);
    return `  ${key}: { field: ${JSON.stringify(field)}, type: 'text' },`;
  });
  return ['fields: {', ...lines, '},'].join('\n');
}
