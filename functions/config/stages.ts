import { domainToASCII } from 'node:url';
import * as z from 'zod';
import { emailAddress } from '../mail/email-address.ts';

/** The days CloudWatch Logs can keep a log for, up to a year. */
const logRetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365] as const;

const hostName = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, { error: 'must be a lower-case host name' });

const address = z
  .string()
  .refine((text) => emailAddress(text) !== undefined, { error: 'must be an e-mail address' });

const mailIdentity = z.union(
  [
    z.strictObject({ domain: hostName, create: z.boolean().default(false) }),
    z.strictObject({ address, create: z.boolean().default(false) }),
  ],
  { error: 'must be { domain } or { address }, with create: true or false' },
);

/** An SES identity: what mails may be sent from. */
export type MailIdentity = z.output<typeof mailIdentity>;

/** Whether SES lets an identity send from an address: its own, or one of its domain or a subdomain. */
export function covers(identity: MailIdentity, sender: string): boolean {
  if ('address' in identity) return identity.address.toLowerCase() === sender.toLowerCase();
  const domain = domainToASCII(sender.slice(sender.lastIndexOf('@') + 1));
  return domain === identity.domain || domain.endsWith(`.${identity.domain}`);
}

/** What is set for one deployed stage. Every option has a default, so a stage need not be listed at all. */
const stage = z
  .strictObject({
    /** Table and secrets go when the stack goes. */
    isThrowAway: z.boolean().default(false),
    /** The webhook's own host name, and its certificate in the stage's region. */
    domain: z
      .strictObject({
        name: hostName,
        certificateArn: z
          .string()
          .regex(/^arn:aws[a-z-]*:acm:/, { error: 'must be the ARN of a certificate in ACM' }),
      })
      .optional(),
    /** Requests a second, and at once, before API Gateway answers 429. */
    throttle: z
      .strictObject({ rate: z.int().min(1).default(500), burst: z.int().min(1).default(1000) })
      .prefault({}),
    /** Jobs worked on at once; how fast a CRM is called does not depend on it. Lambda allows 2 to 1,000. */
    maximumConcurrency: z.int().min(2).max(1000).default(4),
    /** Invocations kept free for this function, and its limit; without it the account's. */
    reservedConcurrency: z.int().min(1).optional(),
    /** X-Ray. */
    tracing: z.boolean().default(false),
    logRetentionDays: z
      .literal(logRetentionDays, { error: `must be one of ${logRetentionDays.join(', ')}` })
      .default(30),
    /** Who is told of alarms; a subscription to confirm by mail. */
    alarmEmail: address.optional(),
    /** The SES identity that mails are sent from, by default the domain of `mail.from`. `create`: by this stage. */
    mailIdentity: mailIdentity.optional(),
    /** Alarm when no webhook came for so many hours. */
    quietHours: z.int().min(1).max(168).optional(),
  })
  .refine(
    ({ reservedConcurrency, maximumConcurrency }) => (reservedConcurrency ?? Infinity) > maximumConcurrency,
    {
      path: ['reservedConcurrency'],
      error: 'must be above maximumConcurrency, or jobs leave nothing for webhooks',
    },
  );

/** Every object has a `constructor`, so one cannot ask whether there is such a stage. */
const stageName = z.string().regex(/^(?!constructor$)[a-z][a-z0-9-]{0,19}$/);

/** Stage → its settings. */
export const stages = z
  .record(stageName, stage, {
    error: ({ code }) =>
      code === 'invalid_key'
        ? 'the name must begin with a letter and have lower-case letters, digits and -, at most 20'
        : undefined,
  })
  .default({});

/** The settings of a stage, with every default filled in. */
export type StageSettings = z.output<typeof stage>;

/**
 * The settings of a stage; those of one that is not listed are the defaults.
 *
 * @throws Error for a name that no stage can have
 */
export function stageSettings(listed: Readonly<Record<string, StageSettings>>, name: string): StageSettings {
  if (!stageName.safeParse(name).success) {
    throw new Error(
      `"${name}" cannot be a stage: begin with a letter, then lower-case letters, digits and -, at most 20.`,
    );
  }
  return listed[name] ?? stage.parse({});
}
