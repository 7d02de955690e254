import type * as z from 'zod';
import { InvalidPerson } from './people-store.ts';

/** Parses a person by its CRM's schema. @throws {InvalidPerson} saying everything that is wrong with it */
export function checkPerson<S extends z.ZodType>(schema: S, draft: object): z.output<S> {
  const result = schema.safeParse(draft);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new InvalidPerson(problems.join('; '));
}
