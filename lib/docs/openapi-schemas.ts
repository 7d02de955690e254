import * as z from 'zod';
import { siteSchemas } from './site-schemas.ts';

export const refTo = (name: keyof typeof siteSchemas) => ({ $ref: `#/components/schemas/${name}` });

/** A format says it already, and in a line that people can read. */
function withoutPattern({ jsonSchema }: { jsonSchema: { format?: unknown; pattern?: unknown } }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}

/** The schemas as the components of an OpenAPI document. Objects stay open: what is added later breaks no client. */
export function componentSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(siteSchemas)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
    override: withoutPattern,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _schema, $id: _id, ...schema }]) => [name, schema]),
  );
}
