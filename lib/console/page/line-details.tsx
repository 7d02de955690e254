import { useEffect, useRef } from 'preact/hooks';
import type { ShownLine } from '../answers.ts';
import { replayable } from '../replayable.ts';
import { nextDue, whyOf } from '../why.ts';
import { goTo, want } from './address.ts';
import { opened } from './line-list.tsx';
import { LineTrace } from './line-trace.tsx';
import { lines } from './lines.ts';
import { lookFor } from './look-for.ts';
import { about, change } from './server.ts';
import { shownTime } from './shown-time.ts';
import { StepBar } from './step-bar.tsx';
import { useAsked } from './use-asked.ts';

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** So many lines are shown: a batch or a replay has thousands. */
const mostLines = 50;

/** All lines of a request, oldest first; of a batch those of the contact. */
function ofRequest({ line, seq }: ShownLine): ShownLine[] {
  const { request_id: request, contact_id: contact } = line;
  const isOther = (one: ShownLine['line']) =>
    contact !== undefined && one['contact_id'] !== undefined && one['contact_id'] !== contact;
  return lines.value.filter(
    (one) =>
      one.seq === seq || (request !== undefined && one.line['request_id'] === request && !isOther(one.line)),
  );
}

/** What happened in one line, and why. */
function Happening({ shown, isOpened }: { shown: ShownLine; isOpened: boolean }) {
  const { line } = shown;
  const why = whyOf(line);
  const due = nextDue(shown);
  const isOver = due !== undefined && Date.parse(due) < Date.now();
  return (
    <li class={isOpened ? 'happening opened' : 'happening'}>
      <p>
        <b>{shownTime(shown.time)}</b> {text(line['message'])}{' '}
        {line['result'] === undefined ? '' : text(line['result'])}
        {line['attempt'] !== undefined && `, try ${text(line['attempt'])}`}
        {line['status'] !== undefined && `, answered ${text(line['status'])}`}
      </p>
      <p>
        {why.code !== undefined && <code>{why.code}</code>} {why.because}
      </p>
      {why.next !== undefined && (
        <p>
          <b>Next:</b> {why.next}
        </p>
      )}
      {due !== undefined && (
        <p>
          {isOver ? 'It was due again at' : 'It is tried again at'} {shownTime(due)}.
        </p>
      )}
      <StepBar shown={shown} />
      <details>
        <summary>The line as it was logged</summary>
        <pre>{JSON.stringify(line, undefined, 2)}</pre>
      </details>
    </li>
  );
}

/** Replays a line, or says why that cannot be done. */
function ReplayOne({ shown }: { shown: ShownLine }) {
  const { note, ask } = useAsked();
  const one = replayable(shown);
  if ('reason' in one) return <p class="soft">No replay: {one.reason}</p>;
  const { contact } = one;
  const replay = () =>
    ask(
      change('POST', 'replays', { contacts: [contact] }),
      () => 'It is in the queue, behind what is live. Again says what becomes of it.',
    );
  return (
    <p>
      <button type="button" disabled={about.value?.readOnly !== undefined} onClick={replay}>
        Replay {contact.action}
      </button>{' '}
      <small role="status">{note || about.value?.readOnly || ''}</small>
    </p>
  );
}

function Links({ shown: { line } }: { shown: ShownLine }) {
  const { user_id: user, contact_id: contact, request_id: request } = line;
  return (
    <p class="buttons">
      {typeof user === 'string' && (
        <button
          type="button"
          class="small"
          onClick={() => {
            lookFor.value = { by: 'id', text: user };
            goTo('/users');
          }}
        >
          The user
        </button>
      )}
      {typeof contact === 'string' && (
        <button type="button" class="small" onClick={() => want({ q: contact })}>
          All of the contact
        </button>
      )}
      {typeof request === 'string' && (
        <button type="button" class="small" onClick={() => want({ q: request })}>
          All of the request
        </button>
      )}
    </p>
  );
}

/** What it is about: a webhook without a right key has neither action nor connection. */
function titleOf({ action = 'none', connection = 'none', message }: ShownLine['line']): string {
  return [action, connection].includes('none') ? text(message) : `${text(action)} · ${text(connection)}`;
}

/** Everything about the line that is opened. */
export function LineDetails() {
  const shown = opened.value;
  const close = useRef<HTMLButtonElement>(null);
  const seq = shown?.seq;
  useEffect(() => {
    if (seq !== undefined) close.current?.focus({ preventScroll: true });
  }, [seq]);
  if (!shown) return null;
  const all = ofRequest(shown);
  return (
    <aside class="details" aria-label="The opened line">
      <header>
        <h2>{titleOf(shown.line)}</h2>
        <button
          ref={close}
          type="button"
          class="small"
          onClick={() => {
            opened.value = undefined;
          }}
        >
          Close
        </button>
      </header>
      <Links shown={shown} />
      <ReplayOne key={seq} shown={shown} />
      {about.value?.hasTraces && <LineTrace key={seq} line={shown} />}
      <ol>
        {all.slice(0, mostLines).map((one) => (
          <Happening key={one.seq} shown={one} isOpened={one.seq === shown.seq} />
        ))}
      </ol>
      {all.length > mostLines && (
        <p class="soft">
          The first {mostLines} of {all.length} lines of the request.
        </p>
      )}
    </aside>
  );
}
