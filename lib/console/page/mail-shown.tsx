import { useState } from 'preact/hooks';

/** A mail as it would be sent. */
export interface ComposedMail {
  subject: string;
  text: string;
  html: string;
  /** Where the server has its HTML, for a frame in which nothing runs. */
  frame: string;
}

const widths = [360, 800] as const;
const forms = ['HTML', 'text', 'source'] as const;

function Choice({ title, isChosen, onChoose }: { title: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <button type="button" class="small" aria-pressed={isChosen} onClick={onChoose}>
      {title}
    </button>
  );
}

/** A mail as HTML at two widths, as text and as its source. */
export function MailShown({ mail }: { mail: ComposedMail }) {
  const [form, setForm] = useState<(typeof forms)[number]>('HTML');
  const [width, setWidth] = useState<(typeof widths)[number]>(innerWidth < 900 ? 360 : 800);
  return (
    <article>
      <p>
        Subject: <b>{mail.subject}</b>
      </p>
      <p class="buttons">
        {forms.map((name) => (
          <Choice key={name} title={name} isChosen={form === name} onChoose={() => setForm(name)} />
        ))}
        {form === 'HTML' &&
          widths.map((pixels) => (
            <Choice
              key={pixels}
              title={`${pixels} px`}
              isChosen={width === pixels}
              onChoose={() => setWidth(pixels)}
            />
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
