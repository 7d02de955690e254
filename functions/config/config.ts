import * as z from 'zod';
import { mailboxAddress } from '../mail/mailbox-address.ts';
import { connection } from './connection-schema.ts';
import { keysMust } from './keys-must.ts';
import { mail } from './mail-schema.ts';
import { appName, connectionName } from './names.ts';
import { site } from './site-schema.ts';
import { covers, stages } from './stages.ts';

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
