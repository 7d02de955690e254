import * as z from 'zod';
import { loginBody } from '../../functions/site/login.ts';
import { type SiteErrorCode, siteStatuses } from '../../functions/site/site-error.ts';

/** What only pages answer with. */
const ofPages: readonly SiteErrorCode[] = ['link_over', 'password_refused'];

/** The codes that the API answers with, in the order of their statuses. */
export const apiErrorCodes = (Object.keys(siteStatuses) as SiteErrorCode[]).filter(
  (code) => !ofPages.includes(code),
);

const fieldValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);

const user = z.object({
  id: z.uuid().describe('Stays the same for as long as the user exists: key your own data by it'),
  login: z.string().describe('The username. It may change with the address'),
  email: z.string(),
  role: z.string().describe('The slug of one of the roles of usher.config.ts'),
  tags: z.array(z.string()).describe("The CRM's tags, sorted"),
  fields: z
    .record(z.string(), fieldValue)
    .describe('What the field map takes from the CRM, by its local keys. Dates are ISO 8601'),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
  password_set_at: z.iso
    .datetime()
    .optional()
    .describe(
      'When the password was last set, or ended with its address. End sessions that began before it. Absent while there was neither',
    ),
});

const error = z.object({
  error: z.object({
    code: z.enum(apiErrorCodes).describe('Stays as it is in every language: decide by it'),
    message: z.string().describe('For people, in the words of usher.config.ts'),
  }),
  request_id: z.string().describe('Finds the line in the log: usher logs --request'),
});

/** What the site API takes and gives, by the name that the document has for it. */
export const siteSchemas = {
  Login: loginBody,
  User: user,
  OneUser: z.object({ user }),
  Users: z.object({
    users: z.array(user),
    cursor: z.string().optional().describe('Where the list goes on; absent at its end'),
  }),
  Error: error,
  Throttled: z.object({ message: z.string() }).describe("API Gateway's own answer, before Usher is asked"),
} satisfies Readonly<Record<string, z.core.$ZodType>>;
