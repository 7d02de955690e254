import type { Slowed } from '../answers.ts';
import { about, change } from './server.ts';
import { withShownTimes } from './shown-time.ts';
import { useAsked } from './use-asked.ts';
import { useLoaded } from './use-loaded.ts';

/** Which CRMs are not called at full speed, why, and that they are to be again. */
export function SlowedConnections() {
  const { data, error, reload } = useLoaded<{ slowed: Slowed[] }>('slowed', 3000);
  const { note, ask } = useAsked();
  const resume = (connection: string) =>
    ask(change('POST', `slowed/${encodeURIComponent(connection)}`), () => {
      reload();
      return `${connection} is called at full speed again.`;
    });
  return (
    <section>
      <h2>CRMs that are not called at full speed</h2>
      {error !== '' && <p role="alert">{error}</p>}
      {data?.slowed.length === 0 && <p class="soft">None: all are called as fast as there is work.</p>}
      {data?.slowed.map(({ connection, sentence, next }) => (
        <article key={connection}>
          <p>
            <b>{connection}</b>: {withShownTimes(sentence)}
          </p>
          <p>
            <b>Next:</b> {next}
          </p>
          <button
            type="button"
            class="small"
            disabled={about.value?.readOnly !== undefined}
            onClick={() => resume(connection)}
          >
            Resume {connection}
          </button>
        </article>
      ))}
      <p role="status">{note}</p>
    </section>
  );
}
