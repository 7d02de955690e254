import * as z from 'zod/mini';

/** What connectors read with, besides `zod/mini`: that is zod in functions, of which a bundle holds only those it calls. */

/** A text of one character or more. */
export const notEmpty = z.string().check(z.minLength(1));

/** A text of a form, and what is said of one that has it not. */
export const matching = /* @__NO_SIDE_EFFECTS__ */ (form: RegExp, error?: string) =>
  z.string().check(z.regex(form, error));

/** A text of digits, as many ids are. */
export const digits = matching(/^\d+$/);

/** A text that may be null or absent. */
export const textOrNone = z.nullish(z.string());

/** What a schema has read, made into something else. */
export const readAs = /* @__NO_SIDE_EFFECTS__ */ <Schema extends z.ZodMiniType, Result>(
  schema: Schema,
  change: (read: z.output<Schema>) => Result,
) => z.pipe(schema, z.transform(change));

/** What a schema reads once it was made into something else. */
export const preprocess = /* @__NO_SIDE_EFFECTS__ */ <Schema extends z.ZodMiniType>(
  change: (given: unknown) => unknown,
  schema: Schema,
) => z.pipe(z.transform(change), schema);

/** A setting, with what docs/crms.md says of it. */
export const described = /* @__NO_SIDE_EFFECTS__ */ <Schema extends z.ZodMiniType>(
  schema: Schema,
  description: string,
): Schema => schema.check(z.describe(description));

/**
 * A list in a CRM's answer. Its first wrong element ends the reading: `z.array` describes each of them, and 5 MB hold
 * millions, which no function survives.
 */
// @__NO_SIDE_EFFECTS__
export function listOf<Element extends z.ZodMiniType>(element: Element) {
  return z.pipe(
    z.custom<unknown[]>((value) => Array.isArray(value)),
    z.transform((items, context) => {
      const read: z.output<Element>[] = [];
      for (const item of items) {
        const checked = element.safeParse(item);
        if (!checked.success) {
          context.issues.push({ code: 'custom', message: 'an element has an unknown shape', input: items });
          return z.NEVER;
        }
        read.push(checked.data);
      }
      return read;
    }),
  );
}
