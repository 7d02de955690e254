import * as z from 'zod';
import type { FieldMap } from '../crm/connector.ts';
import { fieldTypes } from '../crm/connector.ts';
import { longTypes } from '../crm/field-value.ts';
import { type CrmName, connectorOf, crmNames } from '../crm/registry.ts';
import { emailAddress } from '../mail/email-address.ts';
import { mailboxAddress } from '../mail/mailbox-address.ts';
import { movedTemplates } from '../mail/moved-templates.ts';
import { templateProblem } from '../mail/template.ts';
import { defaultTemplates } from '../mail/welcome-templates.ts';
import { appName, connectionName } from './names.ts';
import { httpUrl, pageUrl } from './site-urls.ts';
import { covers, stages } from './stages.ts';

/** Zod only says that a key is invalid; this says what it has to be. */
const keysMust = (rule: string) => ({
  error: ({ code }: { code?: string }) => (code === 'invalid_key' ? `the name must ${rule}` : undefined),
});

/** Not `constructor`: by it the document client of DynamoDB tells types apart. */
const localKey = z.string().regex(/^(?!constructor$)[a-zA-Z][a-zA-Z0-9_]{0,63}$/);

/** In bytes. An item of DynamoDB has 400 KB, and the tags go there too. */
const largestField = 300 * 1024;

/** `false` takes a key out of the connector's default map. */
const mappedField = z.union(
  [
    z.literal(false),
    z
      .string()
      .min(1)
      .transform((field) => ({ field, type: 'text' as const, clearWhenEmpty: false })),
    z
      .strictObject({
        field: z.string().min(1),
        type: z.enum(fieldTypes).default('text'),
        clearWhenEmpty: z.boolean().default(false),
        /** In bytes; 16 KB when it is not said. The whole user has to fit into 400 KB. */
        maxLength: z.int().min(1).max(largestField).optional(),
      })
      .refine(({ type, maxLength }) => maxLength === undefined || longTypes.has(type), {
        path: ['maxLength'],
        error: 'is for text, multiselect and raw: others hold 64 characters',
      }),
  ],
  {
    error: `must be the name of a CRM field, { field, type, clearWhenEmpty, maxLength } with a type of ${fieldTypes.join(', ')}, or false`,
  },
);

/** Local key → CRM field. */
const fields = z
  .record(localKey, mappedField, keysMust('begin with a letter and have letters, digits and _, at most 64'))
  .default({});

const common = {
  /** The CRM field that receives a new user's generated password. Without it none is generated. */
  returnPassword: z.strictObject({ field: z.string().min(1) }).optional(),
  /** Whether its contacts reach users of other connections by their address. */
  linkByEmail: z.boolean().default(true),
  /** The tag with which the CRM confirms that a user is to be deleted. Without it no webhook deletes anybody. */
  deleteWhen: z
    .string()
    .transform((tag) => tag.normalize('NFC').trim())
    .pipe(z.string().min(1))
    .optional(),
  fields,
};

function connectionOf(crm: CrmName) {
  const connector = connectorOf(crm);
  return z
    .strictObject({ crm: z.literal(crm), ...common, ...connector.settings.shape })
    .transform(({ crm: _crm, returnPassword, linkByEmail, deleteWhen, fields: configured, ...settings }) => ({
      crm,
      linkByEmail,
      ...(returnPassword ? { returnPassword } : {}),
      ...(deleteWhen === undefined ? {} : { deleteWhen }),
      fields: mergeFields(connector.defaultFields, configured),
      settings,
    }));
}

function mergeFields(defaults: FieldMap, configured: z.output<typeof fields>): FieldMap {
  const merged = Object.entries({ ...defaults, ...configured });
  return Object.fromEntries(merged.filter(([, field]) => field !== false)) as FieldMap;
}

const connection = z
  .looseObject({ crm: z.enum(crmNames) })
  .transform((given, context) => {
    const checked = connectionOf(given.crm).safeParse(given);
    if (checked.success) return checked.data;
    for (const { path, message } of checked.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  })
  .refine(({ fields: map }) => map['user_email'] !== undefined, {
    path: ['fields', 'user_email'],
    error: 'must be mapped: a user needs an e-mail address',
  })
  .refine(
    ({ returnPassword, fields: map }) =>
      Object.entries(map).every(([key, { field }]) => key === 'user_pass' || field !== returnPassword?.field),
    {
      path: ['returnPassword', 'field'],
      // The next webhook would store the password as it is.
      error: 'must not be mapped by fields, except to user_pass: map its key to false',
    },
  );

const role = z.strictObject({
  /** What is stored and what `role=` names, such as `customer`. */
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, { error: 'must be lower-case letters, digits, - and _' }),
  /** What people call it; `role=` may give this too. */
  name: z.string().min(1),
  /** Never given or taken by a webhook. */
  privileged: z.boolean().default(false),
});

const roles = z
  .strictObject({ default: z.string(), list: z.array(role).min(1) })
  .superRefine(({ default: fallback, list }, context) => {
    const names = list.flatMap(({ slug, name }) => [...new Set([slug, name.toLowerCase()])]);
    const problems = [
      new Set(names).size < names.length && 'two roles share a slug or a name',
      !list.some(({ slug, privileged }) => slug === fallback && !privileged) &&
        'the default role must be in the list and not privileged',
    ];
    for (const message of problems) if (message) context.addIssue({ code: 'custom', message });
  });

/** `Name <address>` or a bare address, on one line. */
const mailbox = z.string().refine((text) => emailAddress(mailboxAddress(text)) !== undefined, {
  error: "must be an address such as 'Example <hello@example.com>'",
});

const template = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const problem = templateProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

const mail = z.strictObject({
  from: mailbox,
  replyTo: mailbox.optional(),
  /** `when_asked`: new users whose webhook says `send_notification=true`; `always`: every new user. */
  welcome: z.enum(['when_asked', 'always']).default('when_asked'),
  /** Mustache templates. docs/welcome-mail.md lists what they may name. */
  templates: z
    .strictObject({
      subject: template.default(defaultTemplates.subject),
      text: template.default(defaultTemplates.text),
      html: template.default(defaultTemplates.html),
    })
    .prefault({}),
  /** Whether the address that a user had before a move is told. */
  tellMoved: z.boolean().default(true),
  movedTemplates: z
    .strictObject({
      subject: template.default(movedTemplates.subject),
      text: template.default(movedTemplates.text),
      html: template.default(movedTemplates.html),
    })
    .prefault({}),
  /** SES configuration set of the mails. */
  configurationSet: z.string().min(1).optional(),
});

const site = z.strictObject({
  /** What the site is called in mails. */
  name: z
    .string()
    .min(1)
    .regex(/^[^\r\n]*$/, { error: 'must be one line' }),
  url: httpUrl,
  /** The page where a user sets a password; the mail adds `user` and `key` to its query. */
  setPasswordUrl: pageUrl,
});

const settings = z.strictObject({
  site,
  /** Part of the stacks' names, where several sites share an account. */
  app: appName.optional(),
  roles,
  mail,
  /** How long a webhook waits for its answer before the job goes to the queue, in milliseconds. */
  responseBudgetMs: z.int().min(1000).max(25_000).default(4000),
  connections: z
    .record(
      connectionName,
      connection,
      keysMust(
        'begin with a letter and have lower-case letters, digits and -, at most 40; not constructor or none',
      ),
    )
    .refine((all) => Object.keys(all).length > 0, { error: 'at least one connection is needed' }),
  /** Connections that were taken out and may come back: the stack keeps their secrets, and nobody uses them. */
  formerConnections: z.array(connectionName).default([]),
  stages,
});

export const configSchema = settings.superRefine((config, context) => {
  const {
    mail: { from },
    stages: listed,
    connections,
    formerConnections,
  } = config;
  const back = formerConnections.find((name) => Object.hasOwn(connections, name));
  if (back !== undefined) {
    const message = `${back} is in connections`;
    context.addIssue({ code: 'custom', path: ['formerConnections'], message });
  }
  for (const [name, { mailIdentity }] of Object.entries(listed)) {
    if (!mailIdentity || covers(mailIdentity, mailboxAddress(from))) continue;
    const path = ['stages', name, 'mailIdentity'];
    context.addIssue({ code: 'custom', path, message: 'must be the address of mail.from or its domain' });
  }
});

/** The configuration as Usher runs with it: every default filled in. Plain JSON. */
export type Config = z.output<typeof configSchema>;
export type Connection = Config['connections'][string];
