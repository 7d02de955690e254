import { useState } from 'preact/hooks';
import type { Depth } from '../answers.ts';
import { Confirm } from './confirm.tsx';
import { about, change } from './server.ts';
import { shownTime } from './shown-time.ts';
import { useAsked } from './use-asked.ts';
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

/** What is to be done with the dead jobs, or with one of them. */
interface Work {
  verb: 'replay' | 'drop';
  job?: string;
}

const look = async () => (await change<{ jobs: DeadJob[] }>('POST', 'dead')).jobs;

async function work({ verb, job }: Work): Promise<{ note: string; jobs: DeadJob[] }> {
  const body = job === undefined ? {} : { job };
  const { done } = await change<{ done: number }>('POST', `dead/${verb}`, body);
  const note = verb === 'replay' ? `${done} put back into the queue.` : `${done} deleted.`;
  return { note, jobs: await look() };
}

function question({ verb, job }: Work, dead: number | undefined): string {
  const deed = verb === 'drop' ? 'deletes' : 'puts back into the queue';
  const which = job === undefined ? `every job that was given up, about ${dead ?? 'some'}` : 'this job';
  return `This ${deed} ${which}.`;
}

interface JobsProps {
  jobs: readonly DeadJob[];
  onReplay: (job: string) => void;
  onDrop: (job: string) => void;
}

function Jobs({ jobs, onReplay, onDrop }: JobsProps) {
  if (jobs.length === 0) return <p class="soft">There are none.</p>;
  return (
    <>
      {jobs.map(({ job_id: id, action = 'no job', connection, contact_id, user_id, created, tries }) => (
        <article key={id} class="dead">
          <span>
            <b>{action}</b> {connection} {contact_id ?? user_id} · {shownTime(created)} · {tries} tries
          </span>
          <span class="buttons">
            <button type="button" class="small" onClick={() => onReplay(id)}>
              Replay
            </button>
            <button type="button" class="small" onClick={() => onDrop(id)}>
              Drop
            </button>
          </span>
        </article>
      ))}
    </>
  );
}

/** Jobs that were given up: looks at them, replays and drops them. */
export function DeadLetters() {
  const depth = useLoaded<Depth>('queue', 5000);
  const [jobs, setJobs] = useState<readonly DeadJob[] | undefined>(undefined);
  const [asked, setAsked] = useState<Work | undefined>(undefined);
  const { note, isWaiting, ask } = useAsked();
  const { readOnly } = about.value ?? {};
  const act = (wanted: Work) => {
    setAsked(undefined);
    ask(work(wanted), (done) => {
      setJobs(done.jobs);
      depth.reload();
      return done.note;
    });
  };
  const buttons: readonly [string, () => void][] = [
    ['Show them', () => ask(look(), setJobs)],
    ['Replay all', () => setAsked({ verb: 'replay' })],
    ['Drop all', () => setAsked({ verb: 'drop' })],
  ];
  return (
    <section>
      <h2>Jobs that were given up</h2>
      <p>
        About <b>{depth.data?.dead ?? '…'}</b>, each kept for 14 days. Looking at them hides them from others
        for a moment.
      </p>
      <p class="buttons">
        {buttons.map(([title, onClick]) => (
          <button key={title} type="button" class="small" disabled={readOnly !== undefined} onClick={onClick}>
            {title}
          </button>
        ))}
      </p>
      <p role="status">{isWaiting ? 'One moment …' : note || depth.error || readOnly || ''}</p>
      {jobs && (
        <Jobs
          jobs={jobs}
          onReplay={(job) => act({ verb: 'replay', job })}
          onDrop={(job) => setAsked({ verb: 'drop', job })}
        />
      )}
      {asked && (
        <Confirm
          title={asked.verb === 'drop' ? 'Drop for good' : 'Replay all'}
          text={question(asked, depth.data?.dead)}
          agree={asked.verb === 'drop' ? 'Drop' : 'Replay'}
          onAgree={() => act(asked)}
          onLeave={() => setAsked(undefined)}
        />
      )}
    </section>
  );
}
