import * as z from 'zod';

/**
 * A list in a CRM's answer. Its first wrong element ends the reading: `z.array` describes each of them, and 5 MB hold
 * millions, which no function survives.
 */
export function listOf<Element extends z.ZodType>(element: Element) {
  return z
    .custom<unknown[]>((value) => Array.isArray(value))
    .transform((items, context) => {
      const read: z.output<Element>[] = [];
      for (const item of items) {
        const checked = element.safeParse(item);
        if (!checked.success) {
          context.addIssue({ code: 'custom', message: 'an element has an unknown shape' });
          return z.NEVER;
        }
        read.push(checked.data);
      }
      return read;
    });
}
