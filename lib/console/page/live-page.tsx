import { useState } from 'preact/hooks';
import { csv, jsonLines } from '../export-text.ts';
import { valuesOf } from '../line-filter.ts';
import { replayableOf } from '../replayable.ts';
import { goTo, want, wantEverything, wish } from './address.ts';
import { Charts } from './charts.tsx';
import { Confirm } from './confirm.tsx';
import { download } from './download.ts';
import { LineDetails } from './line-details.tsx';
import { LineList } from './line-list.tsx';
import { isPaused, lines, shownLines, showWaiting, waiting } from './lines.ts';
import { about, change, words } from './server.ts';

const times = [
  ['', 'since the start'],
  ['15m', 'last 15 minutes'],
  ['1h', 'last hour'],
  ['6h', 'last 6 hours'],
  ['1d', 'last day'],
  ['7d', 'last 7 days'],
] as const;

function Choice({ name, label }: { name: 'result' | 'action' | 'connection'; label: string }) {
  const value = wish.value[name];
  const values = new Set([...valuesOf(lines.value, name), ...(value === '' ? [] : [value])]);
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => want({ [name]: event.currentTarget.value })}>
        <option value="">all</option>
        {[...values].map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function Filters() {
  const { q, since, from } = wish.value;
  return (
    <search class="filters">
      <label class="grow">
        Search
        <input
          id="search"
          type="search"
          placeholder="all words"
          value={q}
          onInput={(event) => want({ q: event.currentTarget.value })}
        />
      </label>
      <Choice name="result" label="Result" />
      <Choice name="action" label="Action" />
      <Choice name="connection" label="Connection" />
      <label>
        Time
        <select
          value={since}
          onChange={(event) => want({ since: event.currentTarget.value, from: '', to: '' })}
        >
          {times.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {from !== '' && (
        <button type="button" class="small" onClick={() => want({ from: '', to: '' })}>
          Whole time
        </button>
      )}
    </search>
  );
}

/** Replays what the filter shows: counted first, and agreed to. */
function ReplayShown() {
  const [isAsking, setIsAsking] = useState(false);
  const [note, setNote] = useState('');
  const { contacts, left } = isAsking ? replayableOf(shownLines.value) : { contacts: [], left: 0 };
  const replay = async () => {
    setIsAsking(false);
    try {
      await change('POST', 'replays', { contacts });
      goTo('/again');
    } catch (error) {
      setNote(words(error));
    }
  };
  const text = `${contacts.length} contacts are pulled again, each once, behind what is live. ${left} of the lines cannot be replayed: they name no contact, or ask nothing of one.`;
  return (
    <>
      <button
        type="button"
        class="small"
        disabled={about.value?.readOnly !== undefined}
        title={about.value?.readOnly ?? ''}
        onClick={() => setIsAsking(true)}
      >
        Replay these
      </button>
      <small role="status">{note}</small>
      {isAsking && (
        <Confirm
          title="Replay what is shown"
          text={text}
          agree={contacts.length === 0 ? undefined : `Replay ${contacts.length}`}
          onAgree={() => void replay()}
          onLeave={() => setIsAsking(false)}
        />
      )}
    </>
  );
}

function Toolbar() {
  const count = waiting.value;
  return (
    <div class="toolbar">
      <span>
        <b>{shownLines.value.length}</b> of {lines.value.length} lines
      </span>
      <button
        type="button"
        class="small"
        aria-pressed={isPaused.value}
        onClick={() => {
          isPaused.value = !isPaused.value;
        }}
      >
        {isPaused.value ? 'Go on' : 'Pause'}
      </button>
      <button type="button" class="small new" disabled={count === 0} onClick={showWaiting}>
        {count} new
      </button>
      <span class="grow" />
      <button type="button" class="small" onClick={wantEverything}>
        No filter
      </button>
      <button
        type="button"
        class="small"
        onClick={() => download('usher-lines.jsonl', 'application/jsonl', jsonLines(shownLines.value))}
      >
        JSON lines
      </button>
      <button
        type="button"
        class="small"
        onClick={() => download('usher-lines.csv', 'text/csv', csv(shownLines.value))}
      >
        CSV
      </button>
      <ReplayShown />
    </div>
  );
}

/** Webhooks and jobs as they come. */
export function LivePage() {
  return (
    <div class="live">
      <h1 class="unseen">Live</h1>
      <Filters />
      <Charts />
      <Toolbar />
      <div class="split">
        <LineList />
        <LineDetails />
      </div>
    </div>
  );
}
