import { useEffect, useState } from 'preact/hooks';
import { TextArea } from './fields.tsx';
import { MailInbox } from './mail-inbox.tsx';
import { type ComposedMail, MailShown } from './mail-shown.tsx';
import { MailValuesForm, sampleValues } from './mail-values.tsx';
import { about, ask } from './server.ts';
import { useAsked } from './use-asked.ts';
import { useLoaded } from './use-loaded.ts';

type Templates = Record<'subject' | 'text' | 'html', string>;
interface Preview {
  mail?: ComposedMail;
  broken?: { part: string; line: number; column: number; message: string }[];
}

/** How long nobody types before the mail is made anew, in milliseconds. */
const restMs = 150;

function Editor({ templates, onChange }: { templates: Templates; onChange: (templates: Templates) => void }) {
  return (
    <details>
      <summary>Try other templates (this changes nothing: put them into usher.config.ts)</summary>
      {(['subject', 'text', 'html'] as const).map((part) => (
        <TextArea
          key={part}
          label={part}
          rows={part === 'subject' ? 1 : 8}
          value={templates[part]}
          onChange={(text) => onChange({ ...templates, [part]: text })}
        />
      ))}
    </details>
  );
}

/** The welcome mail before anybody gets it. */
export function MailPage() {
  const { data, error } = useLoaded<{ templates: Templates }>('mail');
  const [edited, setEdited] = useState<Templates | undefined>(undefined);
  const [values, setValues] = useState(sampleValues);
  const [preview, setPreview] = useState<Preview>({});
  const { note, ask: wait } = useAsked();
  const templates = edited ?? data?.templates;
  useEffect(() => {
    if (!templates) return;
    const compose = () => wait(ask<Preview>('mail', { values, templates }), setPreview);
    const timer = setTimeout(compose, restMs);
    return () => clearTimeout(timer);
  }, [templates, values]);
  return (
    <>
      <h1>Mail</h1>
      <p>The welcome mail as it would be sent. Nothing is sent from here.</p>
      <MailValuesForm values={values} onValues={setValues} />
      <p role="status">{note || error}</p>
      {preview.broken?.map(({ part, line, column, message }) => (
        <p key={part} role="alert">
          The template <b>{part}</b> is broken in line {line}, column {column}: {message}
        </p>
      ))}
      {preview.mail && <MailShown mail={preview.mail} />}
      {templates && <Editor templates={templates} onChange={setEdited} />}
      {about.value?.isLocal && <MailInbox />}
    </>
  );
}
