import { pretty } from './pretty.ts';
import { ask } from './server.ts';
import type { ShownUser } from './shown-user.ts';
import { useAsked } from './use-asked.ts';

/** A contact of a user, and what its CRM would have written now. */
function Contact({ user, connection, contact }: { user: ShownUser; connection: string; contact: string }) {
  const { note, isWaiting, ask: wait } = useAsked();
  const look = () =>
    wait(ask<{ answer: string }>(`users/${user.id}/preview`, { connection }), ({ answer }) => pretty(answer));
  return (
    <>
      <p class="buttons">
        <span>
          {connection}: <code>{contact}</code>
        </span>
        <button type="button" class="small" onClick={look}>
          What would be written?
        </button>
      </p>
      <pre role="status">{isWaiting ? 'Asking the CRM …' : note}</pre>
    </>
  );
}

/** The contacts of a user. */
export function UserContacts({ user }: { user: ShownUser }) {
  return (
    <>
      <h3>Contacts</h3>
      {Object.entries(user.contacts).map(([connection, contact]) => (
        <Contact key={connection} user={user} connection={connection} contact={contact} />
      ))}
    </>
  );
}
