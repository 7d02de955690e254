import type { ReplayContact, ShownLine } from './answers.ts';

/** What a line can be replayed as, or why it cannot. */
export type Replayable = { contact: ReplayContact } | { reason: string };

const actions = new Set(['add', 'update', 'update_tags', 'delete']);

/** Lines of earlier releases do not say when the webhook came in: it was before the line by what it took. */
function receivedAt({ time, line }: ShownLine): string {
  if (typeof line['received_at'] === 'string') return line['received_at'];
  const { ms, age_s: age } = line;
  const total = typeof ms === 'object' && ms !== null && 'total' in ms ? Number(ms.total) : 0;
  return new Date(Date.parse(time) - total - Number(age ?? 0) * 1000).toISOString();
}

/** The action, contact and role of a line, for a job that does the same. */
export function replayable(shown: ShownLine): Replayable {
  const { message, action, connection, contact_id: contactId, jobs, role, notify } = shown.line;
  if (message !== 'webhook' && message !== 'job')
    return { reason: 'Only webhooks and their jobs can be replayed.' };
  if (action === 'effects') return { reason: 'Mails and passwords are sent again with “usher user resend”.' };
  if (action === 'test') return { reason: 'This asks a question and does nothing.' };
  if (typeof action !== 'string' || !actions.has(action))
    return { reason: 'It was refused before anybody knew what it asks for.' };
  if (typeof jobs === 'number' && message === 'webhook' && contactId === undefined)
    return { reason: 'This was a batch: replay the lines of its jobs.' };
  if (typeof contactId !== 'string' || typeof connection !== 'string')
    return { reason: 'The line names no contact.' };
  if (contactId.startsWith('sha256:'))
    return {
      reason:
        'The log has only a digest of the contact’s id, as it may be an address or a telephone number. Run the automation again in the CRM.',
    };
  return {
    contact: {
      action,
      connection,
      contactId,
      ...(typeof role === 'string' ? { role } : {}),
      notify: notify === true,
      receivedAt: receivedAt(shown),
    },
  };
}

/** Each contact once: of several lines of one, that of the webhook that came in last. */
export function eachOnce(contacts: readonly ReplayContact[]): ReplayContact[] {
  const newest = new Map<string, ReplayContact>();
  for (const contact of contacts) {
    const key = JSON.stringify([contact.connection, contact.contactId]);
    const before = newest.get(key);
    if (!before || before.receivedAt <= contact.receivedAt) newest.set(key, contact);
  }
  return [...newest.values()];
}

/** What of some lines can be replayed, and how many of them cannot. */
export interface ReplayableLines {
  contacts: ReplayContact[];
  left: number;
}

export function replayableOf(lines: readonly ShownLine[]): ReplayableLines {
  const contacts = lines.flatMap((line) => {
    const one = replayable(line);
    return 'contact' in one ? [one.contact] : [];
  });
  return { contacts: eachOnce(contacts), left: lines.length - contacts.length };
}
