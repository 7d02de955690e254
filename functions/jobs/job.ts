import { createHash } from 'node:crypto';
import * as z from 'zod';
import { actionNames } from '../actions/request.ts';

const webhookJob = z.object({
  kind: z.literal('webhook'),
  id: z.string(),
  action: z.enum(actionNames),
  connection: z.string(),
  contactId: z.string().optional(),
  email: z.string().optional(),
  role: z.string().optional(),
  sendNotification: z.boolean(),
  /** When the webhook came in; jobs of earlier releases do not say. */
  receivedAt: z.string().optional(),
  requestId: z.string(),
  createdAt: z.string(),
});

const effectsJob = z.object({
  kind: z.literal('effects'),
  id: z.string(),
  userId: z.string(),
  connection: z.string(),
  contactId: z.string(),
  /** What the job is for, where the user was there before: it may be earlier than the write that asks for it. */
  awaits: z.literal('welcome_mail').optional(),
  requestId: z.string(),
  createdAt: z.string(),
});

/** A webhook to be worked on later. */
export type WebhookJob = z.infer<typeof webhookJob> & { receivedAt: string };
/** What is to be done for a user besides writing it. */
export type EffectsJob = z.infer<typeof effectsJob>;
export type Job = WebhookJob | EffectsJob;

const job = z.discriminatedUnion('kind', [webhookJob, effectsJob]);

/** @throws when the text is no job of ours */
export function parseJob(body: string): Job {
  const parsed = job.parse(JSON.parse(body));
  if (parsed.kind === 'effects') return parsed;
  return { ...parsed, receivedAt: parsed.receivedAt ?? parsed.createdAt };
}

/**
 * The message group: one contact's webhooks in order, one user's effects in order, everything else in parallel.
 * A digest, because groups are limited to 128 plain characters and ids are any text.
 */
export function messageGroup(given: Job): string {
  const subject =
    given.kind === 'effects'
      ? ['effects', given.userId]
      : [
          'webhook',
          given.connection,
          given.contactId ?? '',
          given.contactId === undefined ? given.email : '',
        ];
  return createHash('sha256').update(JSON.stringify(subject)).digest('hex');
}
