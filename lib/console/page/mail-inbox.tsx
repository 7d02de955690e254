import { about } from './server.ts';
import { shownTime } from './shown-time.ts';
import { useLoaded } from './use-loaded.ts';

interface InboxMail {
  id: string;
  at: string;
  to: string;
  subject: string;
  text: string;
}

/** What the local stack has sent, newest first. */
export function MailInbox() {
  const { data, error } = useLoaded<{ mails: InboxMail[] }>('inbox', 2000);
  return (
    <section>
      <h2>Sent on this machine</h2>
      <p>
        Keys are hidden here;{' '}
        <a href={about.value?.inbox ?? '/'} target="_blank" rel="noreferrer noopener">
          the inbox
        </a>{' '}
        has them.
      </p>
      <p role="status">{error || (data?.mails.length === 0 ? 'No mail yet.' : '')}</p>
      {data?.mails.map((mail) => (
        <details key={mail.id}>
          <summary>
            {shownTime(mail.at)} · {mail.to} · {mail.subject}
          </summary>
          <pre>{mail.text}</pre>
        </details>
      ))}
    </section>
  );
}
