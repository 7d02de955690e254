import { useState } from 'preact/hooks';
import type { ReplayedContact, ReplayState } from '../answers.ts';
import { Select } from './fields.tsx';
import { about, change } from './server.ts';
import { shownTime } from './shown-time.ts';
import { useAsked } from './use-asked.ts';
import { useLoaded } from './use-loaded.ts';

const everyMs = 1500;
/** So many contacts are shown at once; the choice of a result finds the others. */
const mostShown = 500;

/** What became of each contact of a replay. */
function Contacts({ id, results }: Pick<ReplayState, 'id' | 'results'>) {
  const { data, error } = useLoaded<{ contacts: ReplayedContact[] }>(`replays/${id}`, everyMs);
  const [wanted, setWanted] = useState('');
  const contacts = data?.contacts.filter(({ result }) => wanted === '' || result === wanted) ?? [];
  return (
    <>
      <div class="chosen">
        <Select
          label="Result"
          value={wanted}
          onChange={setWanted}
          options={[['', 'all'], ...Object.keys(results)]}
        />
      </div>
      {error !== '' && <p role="alert">{error}</p>}
      <div class="table" tabIndex={0} role="region" aria-label="Contacts of the replay">
        <table>
          <thead>
            <tr>
              <th scope="col">Connection</th>
              <th scope="col">Contact</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {contacts.slice(0, mostShown).map(({ connection, contactId, result, code }) => (
              <tr key={`${connection} ${contactId}`}>
                <td>{connection}</td>
                <td>{contactId}</td>
                <td>
                  {result} {code}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {contacts.length > mostShown && (
          <p class="soft">
            The first {mostShown} of {contacts.length}.
          </p>
        )}
      </div>
    </>
  );
}

function Replay({ state, reload }: { state: ReplayState; reload: () => void }) {
  const { id, started, total, sent, isRunning, problem, results } = state;
  const [isOpen, setIsOpen] = useState(false);
  const { note, ask } = useAsked();
  const counts = Object.entries(results).map(([result, count]) => `${count} ${result}`);
  return (
    <article>
      <p>
        <b>{shownTime(started)}</b>: {sent} of {total} in the queue · {counts.join(', ')}
      </p>
      <progress aria-label="Contacts in the queue" max={total} value={sent} />
      {!isRunning && sent < total && (
        <p>
          It was interrupted.{' '}
          <button
            type="button"
            class="small"
            disabled={about.value?.readOnly !== undefined}
            onClick={() => ask(change('POST', `replays/${id}`), reload)}
          >
            Go on with {total - sent}
          </button>
        </p>
      )}
      <p role="status">{problem ?? note}</p>
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>Contact by contact</summary>
        {isOpen && <Contacts id={id} results={results} />}
      </details>
    </article>
  );
}

/** Replays of this console and of earlier ones. */
export function Replays() {
  const { data, error, reload } = useLoaded<{ replays: ReplayState[] }>('replays', everyMs);
  return (
    <section>
      <h2>Replays</h2>
      {error !== '' && <p role="alert">{error}</p>}
      {data?.replays.length === 0 && (
        <p class="soft">
          None yet. Filter the lines under Live and press “Replay these”, or open one of them.
        </p>
      )}
      {data?.replays.map((state) => (
        <Replay key={state.id} state={state} reload={reload} />
      ))}
    </section>
  );
}
