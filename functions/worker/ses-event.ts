import * as z from 'zod/mini';
import type { MailState } from '../users/user.ts';

const time = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((text) => new Date(text).toISOString()),
);
const recipients = z.array(z.object({ emailAddress: z.string() }));
const mail = z.object({ destination: z.array(z.string()) });

const bounce = z.object({
  eventType: z.literal('Bounce'),
  mail,
  bounce: z.object({ bounceType: z.string(), bouncedRecipients: recipients, timestamp: time }),
});
const complaint = z.object({
  eventType: z.literal('Complaint'),
  mail,
  complaint: z.object({
    complainedRecipients: recipients,
    complaintFeedbackType: z.nullish(z.string()),
    timestamp: time,
  }),
});
const other = z.object({ eventType: z.enum(['Reject', 'Rendering Failure']) });

const sesEvent = z.discriminatedUnion('eventType', [bounce, complaint, other]);

/** What an event of SES says of mailboxes: nothing, when it was a passing failure or no mailbox's fault. */
export interface MailNews {
  /** The kind of event, for the log. */
  kind: 'bounce' | 'complaint' | 'reject' | 'rendering_failure';
  mail?: MailState;
  addresses: readonly string[];
}

/** A mail server may name the mailbox that ours was forwarded to. Each mail of ours has one recipient. */
const addressesOf = ({ destination }: z.infer<typeof mail>, named: z.infer<typeof recipients>) =>
  destination.length === 1 ? destination : named.map(({ emailAddress }) => emailAddress);

/**
 * Reads the message of an event destination of SES. Undefined for what is none, such as the one with which SES tries the topic
 * out.
 *
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export function readSesEvent(message: unknown): MailNews | undefined {
  const checked = sesEvent.safeParse(jsonOf(message));
  if (!checked.success) return undefined;
  const event = checked.data;
  switch (event.eventType) {
    case 'Bounce': {
      const { bounceType, bouncedRecipients, timestamp: at } = event.bounce;
      if (bounceType !== 'Permanent') return { kind: 'bounce', addresses: [] };
      const addresses = addressesOf(event.mail, bouncedRecipients);
      return { kind: 'bounce', mail: { state: 'bounced', at }, addresses };
    }
    case 'Complaint': {
      const { complaintFeedbackType, complainedRecipients, timestamp: at } = event.complaint;
      // Somebody has found the mail among the spam, and says that it is none.
      if (complaintFeedbackType === 'not-spam') return { kind: 'complaint', addresses: [] };
      const addresses = addressesOf(event.mail, complainedRecipients);
      return { kind: 'complaint', mail: { state: 'complained', at }, addresses };
    }
    case 'Reject':
      return { kind: 'reject', addresses: [] };
    case 'Rendering Failure':
      return { kind: 'rendering_failure', addresses: [] };
  }
}

function jsonOf(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
