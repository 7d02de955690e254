import type { Context } from 'hono';
import type * as z from 'zod';
import { ConsoleProblem } from './current-deployment.ts';

/** @throws ConsoleProblem when a request's body is not as the page sends it */
export async function readBody<Schema extends z.ZodType>(
  { req }: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await req.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new ConsoleProblem('The console does not understand its page. Reload it.');
}
