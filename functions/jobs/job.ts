import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { ContactRequest } from './contact-request.ts';

/** Jobs of earlier releases do not say. */
const lane = z._default(z.enum(['live', 'batch']), 'live');

const webhookSchema = z.object({
  kind: z.literal('webhook'),
  id: z.string(),
  action: z.string(),
  connection: z.string(),
  contactId: z.optional(z.string()),
  contactEmail: z.optional(z.string()),
  email: z.optional(z.string()),
  role: z.optional(z.string()),
  sendNotification: z.boolean(),
  lane,
  /** No webhook's: of an import or a resync, whose id is that of the request. */
  bulk: z.optional(z.enum(['import', 'resync'])),
  /** Of one that was given up and replayed: the id that it had before. */
  firstId: z.optional(z.string()),
  /** Why the webhook was not applied at once: a call failed, or the CRM does not show its contact yet. */
  after: z.optional(z.enum(['failure', 'contact_not_found'])),
  /** When the webhook came in; jobs of earlier releases do not say. */
  receivedAt: z.optional(z.string()),
  requestId: z.string(),
  createdAt: z.string(),
});

const effectsSchema = z.object({
  kind: z.literal('effects'),
  id: z.string(),
  userId: z.string(),
  connection: z.string(),
  /** Absent for a user that an operator has unlinked from every contact. */
  contactId: z.optional(z.string()),
  /** What the job is for, where the user was there before: it may be earlier than the write that asks for it. */
  awaits: z.optional(z.enum(['welcome_mail', 'changed_mail'])),
  /** The move that it is for, by its time. It may be earlier than the write, too. */
  movedAt: z.optional(z.string()),
  /** The version of the user after that move. If it has come about without the move, somebody else was faster. */
  version: z.optional(z.number()),
  lane,
  requestId: z.string(),
  createdAt: z.string(),
});

/** Somebody has asked on the site's pages for a link to choose a password. */
const linkSchema = z.object({
  kind: z.literal('link'),
  id: z.string(),
  /** An address or a username, as it was typed; or the id of a user whose link has ended. */
  who: z.union([z.object({ login: z.string() }), z.object({ userId: z.string() })]),
  /** It is about no contact. */
  connection: z.literal('none'),
  contactId: z.optional(z.undefined()),
  /** Digest of the network that asked. */
  network: z.string(),
  lane,
  requestId: z.string(),
  createdAt: z.string(),
});

/** A webhook to be worked on later. */
export type WebhookJob = z.infer<typeof webhookSchema> & { receivedAt: string };
/** What is to be done for a user besides writing it. */
export type EffectsJob = z.infer<typeof effectsSchema>;
export type LinkJob = z.infer<typeof linkSchema>;
export type Job = WebhookJob | EffectsJob | LinkJob;

const job = z.discriminatedUnion('kind', [webhookSchema, effectsSchema, linkSchema]);

/** @throws when the text is no job of ours */
export function parseJob(body: string): Job {
  const parsed = job.parse(JSON.parse(body));
  if (parsed.kind !== 'webhook') return parsed;
  return { ...parsed, receivedAt: parsed.receivedAt ?? parsed.createdAt };
}

/** SHA-256 in hex: groups and ids of SQS are limited to 128 plain characters, and ours are any text. */
const digest = (parts: readonly (string | undefined)[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** Whom a webhook is for: its contact, or an address where it names none. */
type Subject = Pick<WebhookJob, 'connection' | 'contactId' | 'contactEmail' | 'email'>;

const subjectOf = ({ connection, contactId, contactEmail, email }: Subject) => [
  connection,
  contactId ?? '',
  // One mailbox, however it is spelled.
  contactId === undefined ? (contactEmail ?? email)?.toLowerCase() : '',
];

/** One contact's webhooks are worked on in order. */
export const webhookGroup = (subject: Subject): string => digest(['webhook', ...subjectOf(subject)]);

/** The message group: one contact's webhooks in order, one user's effects in order, everything else in parallel. */
export function messageGroup(given: Job): string {
  switch (given.kind) {
    case 'effects':
      return digest(['effects', given.userId]);
    case 'link':
      return digest(['link', ...Object.values(given.who)]);
    case 'webhook':
      return webhookGroup(given);
  }
}

/** As long as SQS knows ids again, in milliseconds. */
const knownMs = 5 * 60 * 1000;

/** The id of a link's job: who asks again and again within minutes, for the same and from the same network, asks once. */
export const linkJobId = ({
  who,
  network,
  createdAt,
}: Pick<LinkJob, 'who' | 'network' | 'createdAt'>): string => {
  const span = Math.floor(Date.parse(createdAt) / knownMs);
  return digest(['link', ...Object.entries(who).flat(), network, String(span)]).slice(0, 32);
};

/** The id of a webhook's job. From its request and its contact, so that it is the same however often it is stored. */
export const webhookJobId = (request: Subject & Pick<ContactRequest, 'requestId'>): string =>
  digest([request.requestId, ...subjectOf(request)]).slice(0, 32);

/** A webhook's request as a job. */
export const webhookJob = (
  request: ContactRequest,
  createdAt: string,
  after?: WebhookJob['after'],
): WebhookJob => ({
  kind: 'webhook',
  id: webhookJobId(request),
  createdAt,
  ...request,
  ...(after ? { after } : {}),
});
