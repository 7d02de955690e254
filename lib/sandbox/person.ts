import * as z from 'zod';
import { isJsonObject, type JsonObject } from './json.ts';

const now = () => new Date().toISOString();

const personSchema = z.strictObject({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  email: z.string().nullable().default(null),
  /** Labels as somebody typed them. Null were removed and absent were never given, which some CRMs tell apart. */
  tags: z.array(z.string()).nullish(),
  /** By the names of `people.ts`, whatever the CRM calls them; any other name is a custom field. */
  fields: z.custom<JsonObject>(isJsonObject, 'must be an object').default({}),
  createdAt: z.string().default(now),
  updatedAt: z.string().default(now),
});

/** A contact of a sandbox's account. Every CRM's sandbox keeps it in this form, and its description says what the API makes of it. */
export type Person = z.output<typeof personSchema>;

/** What has to be said of a person. What is left out gets its default. */
export interface PersonDraft {
  id?: string | number;
  email?: string | null;
  tags?: readonly string[] | null | undefined;
  fields?: Readonly<Record<string, unknown>>;
  createdAt?: string;
  updatedAt?: string;
}

/** Somebody tried to store what is no person. The message says where it is wrong. */
export class InvalidPerson extends Error {
  override name = 'InvalidPerson';
}

/** @throws {InvalidPerson} saying everything that is wrong with it */
export function checkPerson(draft: object): Person {
  const result = personSchema.safeParse(draft);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new InvalidPerson(problems.join('; '));
}
