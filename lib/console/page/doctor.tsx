import { useState } from 'preact/hooks';
import { read } from './server.ts';
import { withShownTimes } from './shown-time.ts';
import { useAsked } from './use-asked.ts';

interface Finding {
  check: string;
  connection?: string;
  status: 'ok' | 'warn' | 'fail' | 'skip';
  message: string;
  fix?: string;
}

const badges = { ok: 'done', warn: 'waits', fail: 'failed', skip: 'refused' } as const;

/** What the doctor finds, and how it is mended. */
export function Doctor() {
  const [found, setFound] = useState<readonly Finding[]>([]);
  const { note, isWaiting, ask } = useAsked();
  const look = () => {
    setFound([]);
    ask(read<{ findings: Finding[] }>('doctor'), ({ findings }) => setFound(findings));
  };
  return (
    <section>
      <h2>Is all well?</h2>
      <button type="button" class="small" onClick={look}>
        Look at everything
      </button>
      <p role="status">{isWaiting ? 'Looking …' : note}</p>
      <ul class="findings">
        {found.map(({ check, connection, status, message, fix }) => (
          <li key={`${check} ${connection}`}>
            <span class={`badge ${badges[status]}`}>{status}</span>{' '}
            <b>{connection === undefined ? check : `${check} (${connection})`}</b> {withShownTimes(message)}
            {fix !== undefined && <div>→ {fix}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}
