import { useState } from 'preact/hooks';
import { Check, Select } from './fields.tsx';
import { controlOf } from './sandbox-control.ts';
import { change } from './server.ts';
import { useAsked } from './use-asked.ts';
import { useLoaded } from './use-loaded.ts';

const faults: Readonly<Record<string, object>> = {
  'is down (503)': { status: 503 },
  'limits calls (429)': { status: 429, retryAfter: '30' },
  'refuses the token (401)': { status: 401 },
  'takes 3 seconds': { latencyMs: 3000 },
  'does not answer': { kind: 'hang' },
  'answers with a web page': { kind: 'html' },
  'answers half': { kind: 'truncate' },
};
const names = Object.keys(faults);

/** Switches faults of a sandbox, and its vendor's limits, on and off. */
export function SandboxFaults({ name }: { name: string }) {
  const path = controlOf(name, 'faults');
  const active = useLoaded<{ faults: object[] }>(path, 2000);
  const limits = useLoaded<{ on: boolean; limits: unknown[] }>(controlOf(name, 'limits'));
  const [chosen, setChosen] = useState(String(names[0]));
  const { note, ask } = useAsked();
  const then = (told: string) => () => {
    active.reload();
    limits.reload();
    return told;
  };
  const limit = (on: boolean) =>
    ask(
      change('PUT', controlOf(name, 'limits'), { on }),
      then(on ? 'The limits hold.' : 'The limits do not hold.'),
    );
  return (
    <section>
      <h2>What goes wrong</h2>
      <div class="filters">
        <Select wide label="From now on the CRM" value={chosen} onChange={setChosen} options={names} />
        <button
          type="button"
          onClick={() => ask(change('POST', path, faults[chosen]), then('It does so now.'))}
        >
          Switch on
        </button>
        <button
          type="button"
          class="secondary"
          onClick={() => ask(change('DELETE', path), then('It answers rightly again.'))}
        >
          All off
        </button>
        {(limits.data?.limits.length ?? 0) > 0 && (
          <Check label="the vendor’s limits hold" value={limits.data?.on ?? false} onChange={limit} />
        )}
      </div>
      <p role="status">{note || active.error || limits.error}</p>
      {active.data?.faults.map((fault) => (
        <code key={JSON.stringify(fault)} class="fault">
          {JSON.stringify(fault)}
        </code>
      ))}
    </section>
  );
}
