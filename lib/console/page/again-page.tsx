import { useState } from 'preact/hooks';
import type { Depth, ReplayState, Slowed } from '../answers.ts';
import { Confirm } from './confirm.tsx';
import { shownTime } from './line-list.tsx';
import { about, change, words } from './server.ts';
import { useLoaded } from './use-loaded.ts';

interface DeadJob {
  action?: string;
  connection?: string;
  contact_id?: string;
  user_id?: string;
  job_id: string;
  created: string;
  tries: number;
}

const isLocked = () => about.value?.readOnly !== undefined;

function SlowedConnections() {
  const { data, error, reload } = useLoaded<{ slowed: Slowed[] }>('slowed', 3000);
  const [note, setNote] = useState('');
  const resume = (connection: string) =>
    change('POST', `slowed/${connection}`).then(
      () => {
        setNote(`${connection} is called at full speed again.`);
        reload();
      },
      (reason: unknown) => setNote(words(reason)),
    );
  return (
    <section>
      <h2>CRMs that are not called at full speed</h2>
      {error !== '' && <p role="alert">{error}</p>}
      {data?.slowed.length === 0 && <p class="soft">None: all are called as fast as there is work.</p>}
      {data?.slowed.map(({ connection, sentence, next }) => (
        <article key={connection}>
          <p>
            <b>{connection}</b>: {sentence}
          </p>
          <p>{next.replaceAll('`', '')}</p>
          <button type="button" class="small" disabled={isLocked()} onClick={() => void resume(connection)}>
            Resume {connection}
          </button>
        </article>
      ))}
      <p role="status">{note}</p>
    </section>
  );
}

function DeadLetters() {
  const depth = useLoaded<Depth>('queue', 5000);
  const [jobs, setJobs] = useState<DeadJob[] | undefined>(undefined);
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState<{ verb: 'replay' | 'drop'; job?: string } | undefined>(undefined);
  const tell = (reason: unknown) => setNote(words(reason));
  const look = () =>
    change<{ jobs: DeadJob[] }>('POST', 'dead').then(({ jobs: found }) => setJobs(found), tell);
  const work = async ({ verb, job }: { verb: 'replay' | 'drop'; job?: string }) => {
    setAsked(undefined);
    try {
      const body = job === undefined ? {} : { job };
      const { done } = await change<{ done: number }>('POST', `dead/${verb}`, body);
      setNote(verb === 'replay' ? `${done} put back into the queue.` : `${done} deleted.`);
      depth.reload();
      await look();
    } catch (error) {
      tell(error);
    }
  };
  return (
    <section>
      <h2>Jobs that were given up</h2>
      <p>
        About <b>{depth.data?.dead ?? '…'}</b> rest for 14 days. Looking at them hides them from others for a
        moment.
      </p>
      <p class="buttons">
        <button type="button" class="small" disabled={isLocked()} onClick={() => void look()}>
          Show them
        </button>
        <button
          type="button"
          class="small"
          disabled={isLocked()}
          onClick={() => setAsked({ verb: 'replay' })}
        >
          Replay all
        </button>
        <button type="button" class="small" disabled={isLocked()} onClick={() => setAsked({ verb: 'drop' })}>
          Drop all
        </button>
      </p>
      <p role="status">{note || depth.error || about.value?.readOnly || ''}</p>
      {jobs?.length === 0 && <p class="soft">There are none.</p>}
      {jobs?.map((job) => (
        <article key={job.job_id} class="dead">
          <span>
            <b>{job.action ?? 'no job'}</b> {job.connection} {job.contact_id ?? job.user_id} ·{' '}
            {shownTime(job.created)} · {job.tries} tries
          </span>
          <span class="buttons">
            <button
              type="button"
              class="small"
              onClick={() => void work({ verb: 'replay', job: job.job_id })}
            >
              Replay
            </button>
            <button type="button" class="small" onClick={() => setAsked({ verb: 'drop', job: job.job_id })}>
              Drop
            </button>
          </span>
        </article>
      ))}
      {asked && (
        <Confirm
          title={asked.verb === 'drop' ? 'Drop for good' : 'Replay all'}
          text={`This ${asked.verb === 'drop' ? 'deletes' : 'puts back into the queue'} ${asked.job === undefined ? `every job that was given up, about ${depth.data?.dead ?? 'some'}` : 'this job'}.`}
          agree={asked.verb === 'drop' ? 'Drop' : 'Replay'}
          onAgree={() => void work(asked)}
          onLeave={() => setAsked(undefined)}
        />
      )}
    </section>
  );
}

function Replay({ state, reload }: { state: ReplayState; reload: () => void }) {
  const { id, started, total, sent, isRunning, problem, results, contacts } = state;
  const [note, setNote] = useState('');
  const isLeft = !isRunning && sent < total;
  const goOn = () => change('POST', `replays/${id}`).then(reload, (error: unknown) => setNote(words(error)));
  return (
    <article>
      <p>
        <b>{shownTime(started)}</b>: {sent} of {total} in the queue ·{' '}
        {Object.entries(results)
          .map(([result, count]) => `${count} ${result}`)
          .join(', ')}
      </p>
      <progress aria-label="Contacts in the queue" max={total} value={sent} />
      {isLeft && (
        <p>
          It was interrupted.{' '}
          <button type="button" class="small" disabled={isLocked()} onClick={() => void goOn()}>
            Go on with {total - sent}
          </button>
        </p>
      )}
      <p role="status">{problem ?? note}</p>
      <details>
        <summary>Contact by contact</summary>
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
              {contacts.slice(0, 500).map(({ connection, contactId, result = 'not yet', code }) => (
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
          {contacts.length > 500 && <p class="soft">The first 500 of {contacts.length}.</p>}
        </div>
      </details>
    </article>
  );
}

function Replays() {
  const { data, error, reload } = useLoaded<{ replays: ReplayState[] }>('replays', 1500);
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

/** What is tried again, and what could be. */
export function AgainPage() {
  return (
    <>
      <h1>Again</h1>
      <SlowedConnections />
      <DeadLetters />
      <Replays />
    </>
  );
}
