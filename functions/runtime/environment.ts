import * as z from 'zod/mini';

const parsed = z.pipe(
  z.string(),
  z.transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.issues.push({ code: 'custom', message: 'must be JSON', input: text });
      return z.NEVER;
    }
  }),
);

const json = <Schema extends z.ZodMiniType>(schema: Schema) => z.pipe(parsed, schema);

/** Plain HTTP never leaves the machine. */
const crmUrl = z.string().check(
  z.refine(
    (text) => {
      const { protocol, hostname = '' } = URL.parse(text) ?? {};
      return (
        protocol === 'https:' ||
        (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
      );
    },
    { error: 'must be https, or http on this machine' },
  ),
);

const crmUrls = z._default(json(z.record(z.string(), crmUrl)), {});

/** The environment variables of the function. The stack sets them; nobody else does. */
const environmentSchema = z.object({
  USHER_TABLE: z.string().check(z.minLength(1)),
  USHER_QUEUE_URL: z.url(),
  USHER_DEAD_LETTER_URL: z.url(),
  /** JSON: connection → id of its secret. */
  USHER_SECRETS: json(z.record(z.string(), z.string().check(z.minLength(1)))),
  /** Where this function is reached; ends in a slash. Absent for the seconds in which a deployment has brought the code only. */
  USHER_PUBLIC_URL: z.optional(z.url()),
  /** Id of the secret with the site keys. Absent for as long. */
  USHER_SITE_SECRET: z.optional(z.string().check(z.minLength(1))),
  USHER_METRICS_NAMESPACE: z._default(z.string().check(z.minLength(1)), 'Usher'),
  /** SES configuration set of the mails, in place of the configured one. */
  USHER_CONFIGURATION_SET: z.optional(z.string().check(z.minLength(1))),
  /** JSON: connection → base URL in place of the CRM's own. Set by the local stack only. */
  USHER_CRM_URLS: crmUrls,
});

export type Environment = z.output<typeof environmentSchema>;

/** @throws Error naming the variables that are missing or wrong, without their values */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const checked = environmentSchema.safeParse(variables);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The function's environment is wrong: ${problems.join('; ')}`);
}

/**
 * The base URLs of USHER_CRM_URLS, for the command line, which honours it as the function does.
 *
 * @throws Error, without its value, when it is wrong
 */
export function readCrmUrls(variable: string | undefined): Readonly<Record<string, string>> {
  const checked = crmUrls.safeParse(variable);
  if (checked.success) return checked.data;
  throw new Error('USHER_CRM_URLS must be JSON, with base URLs that are https, or http on this machine.');
}
