import { useState } from 'preact/hooks';
import { csv, jsonLines } from '../export-text.ts';
import { queryOf } from '../line-filter.ts';
import { type ReplayableLines, replayableOf } from '../replayable.ts';
import { goTo, wantEverything, wish } from './address.ts';
import { Charts } from './charts.tsx';
import { Confirm } from './confirm.tsx';
import { download } from './download.ts';
import { Filters } from './filters.tsx';
import { LineDetails } from './line-details.tsx';
import { LineList } from './line-list.tsx';
import { isPaused, lines, shownLines, showWaiting, waiting } from './lines.ts';
import { about, change } from './server.ts';
import { useAsked } from './use-asked.ts';

function question({ contacts, left }: ReplayableLines): string {
  const count = contacts.length === 1 ? '1 contact is' : `${contacts.length} contacts are`;
  const others = `${left} of the lines cannot be replayed: they name no contact, or ask nothing of one.`;
  return `${count} pulled again, each once, behind what is live.${left === 0 ? '' : ` ${others}`}`;
}

/** Replays what the filter shows: counted first, and agreed to. What comes in meanwhile is not among it. */
function ReplayShown() {
  const [asked, setAsked] = useState<ReplayableLines | undefined>(undefined);
  const { note, ask } = useAsked();
  const replay = ({ contacts }: ReplayableLines) => {
    setAsked(undefined);
    ask(change('POST', 'replays', { contacts }), () => goTo('/again'));
  };
  return (
    <>
      <button
        type="button"
        class="small"
        disabled={about.value?.readOnly !== undefined}
        title={about.value?.readOnly ?? ''}
        onClick={() => setAsked(replayableOf(shownLines.value))}
      >
        Replay these
      </button>
      <small role="status">{note}</small>
      {asked && (
        <Confirm
          title="Replay what is shown"
          text={question(asked)}
          agree={asked.contacts.length === 0 ? undefined : `Replay ${asked.contacts.length}`}
          onAgree={() => replay(asked)}
          onLeave={() => setAsked(undefined)}
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
      <button type="button" class="small" disabled={queryOf(wish.value) === ''} onClick={wantEverything}>
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
