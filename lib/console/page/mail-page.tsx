import { useEffect, useState } from 'preact/hooks';
import { shownTime } from './line-list.tsx';
import { about, ask, words } from './server.ts';
import { useLoaded } from './use-loaded.ts';

interface Templates {
  subject: string;
  text: string;
  html: string;
}
interface Values {
  email: string;
  login: string;
  first_name: string;
  last_name: string;
}
interface Preview {
  mail?: Templates & { frame: string };
  broken?: { part: string; line: number; column: number; message: string }[];
}
interface InboxMail {
  id: string;
  at: string;
  to: string;
  subject: string;
  text: string;
}

const sample: Values = {
  email: 'ada@example.com',
  login: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
};
const labels: Record<keyof Values, string> = {
  email: 'Address',
  login: 'Username',
  first_name: 'First name',
  last_name: 'Last name',
};
const widths = [360, 800] as const;
const forms = ['HTML', 'text', 'source'] as const;

function ContactValues({ onValues }: { onValues: (values: Values) => void }) {
  const connections = about.value?.connections ?? [];
  const [connection, setConnection] = useState('');
  const [contact, setContact] = useState('');
  const [note, setNote] = useState('');
  const load = () => {
    setNote('');
    void ask<{ values: Values }>('mail/values', {
      connection: connection || connections[0]?.name,
      contact,
    }).then(
      ({ values }) => onValues(values),
      (error: unknown) => setNote(words(error)),
    );
  };
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        load();
      }}
    >
      <label>
        Connection
        <select
          value={connection || connections[0]?.name || ''}
          onChange={(event) => setConnection(event.currentTarget.value)}
        >
          {connections.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label class="grow">
        Contact’s id
        <input
          autocomplete="off"
          value={contact}
          onInput={(event) => setContact(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={contact === ''}>
        Take from the CRM
      </button>
      <small role="status">{note}</small>
    </form>
  );
}

function Shown({ mail }: { mail: NonNullable<Preview['mail']> }) {
  const [form, setForm] = useState<(typeof forms)[number]>('HTML');
  const [width, setWidth] = useState<(typeof widths)[number]>(innerWidth < 900 ? 360 : 800);
  return (
    <article>
      <p>
        Subject: <b>{mail.subject}</b>
      </p>
      <p class="buttons">
        {forms.map((name) => (
          <button
            key={name}
            type="button"
            class="small"
            aria-pressed={form === name}
            onClick={() => setForm(name)}
          >
            {name}
          </button>
        ))}
        {form === 'HTML' &&
          widths.map((pixels) => (
            <button
              key={pixels}
              type="button"
              class="small"
              aria-pressed={width === pixels}
              onClick={() => setWidth(pixels)}
            >
              {pixels} px
            </button>
          ))}
      </p>
      {form === 'HTML' && (
        <div class="frame" tabIndex={0} role="region" aria-label="The mail">
          <iframe title="The mail as HTML" sandbox="" src={mail.frame} style={{ width: `${width}px` }} />
        </div>
      )}
      {form !== 'HTML' && (
        <pre tabIndex={0} role="region" aria-label={`The mail's ${form}`}>
          {form === 'text' ? mail.text : mail.html}
        </pre>
      )}
    </article>
  );
}

function Editor({ templates, onChange }: { templates: Templates; onChange: (templates: Templates) => void }) {
  return (
    <details>
      <summary>Try other templates (this changes nothing: put them into usher.config.ts)</summary>
      {(['subject', 'text', 'html'] as const).map((part) => (
        <label key={part}>
          {part}
          <textarea
            rows={part === 'subject' ? 1 : 8}
            spellcheck={false}
            value={templates[part]}
            onInput={(event) => onChange({ ...templates, [part]: event.currentTarget.value })}
          />
        </label>
      ))}
    </details>
  );
}

function Inbox() {
  const { data, error } = useLoaded<{ mails: InboxMail[] }>('inbox', 2000);
  return (
    <section>
      <h2>Sent on this machine</h2>
      <p>
        Keys are hidden here; <a href={about.value?.inbox ?? '/'}>the inbox</a> has them.
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

/** The welcome mail before anybody gets it. */
export function MailPage() {
  const { data, error } = useLoaded<{ templates: Templates }>('mail');
  const [edited, setEdited] = useState<Templates | undefined>(undefined);
  const [values, setValues] = useState(sample);
  const [preview, setPreview] = useState<Preview>({});
  const [note, setNote] = useState('');
  const templates = edited ?? data?.templates;
  useEffect(() => {
    if (!templates) return;
    const timer = setTimeout(() => {
      void ask<Preview>('mail', { values, templates }).then(
        (answer) => {
          setPreview(answer);
          setNote('');
        },
        (reason: unknown) => setNote(words(reason)),
      );
    }, 150);
    return () => clearTimeout(timer);
  }, [templates, values]);
  return (
    <>
      <h1>Mail</h1>
      <p>The welcome mail as it would be sent. Nothing is sent from here.</p>
      <ContactValues onValues={setValues} />
      <div class="filters">
        {(Object.keys(labels) as (keyof Values)[]).map((name) => (
          <label key={name} class="grow">
            {labels[name]}
            <input
              autocomplete="off"
              value={values[name]}
              onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
            />
          </label>
        ))}
      </div>
      <p role="status">{note || error}</p>
      {preview.broken?.map(({ part, line, column, message }) => (
        <p key={part} role="alert">
          The template <b>{part}</b> is broken in line {line}, column {column}: {message}
        </p>
      ))}
      {preview.mail && <Shown mail={preview.mail} />}
      {templates && <Editor templates={templates} onChange={setEdited} />}
      {about.value?.isLocal && <Inbox />}
    </>
  );
}
