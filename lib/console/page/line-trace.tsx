import type { ShownLine } from '../answers.ts';
import { msOf } from '../chart-data.ts';
import { differences } from '../differences.ts';
import { useLoaded } from './use-loaded.ts';

interface Traced {
  trace?: { request?: unknown; answer?: unknown; calls: readonly object[] };
  written: readonly {
    at: string;
    before?: Record<string, unknown>;
    after?: Record<string, unknown>;
  }[];
}

const shown = (value: unknown) =>
  value === undefined ? '—' : typeof value === 'string' ? value : JSON.stringify(value);

const callsOf = (count: number) => (count === 1 ? '1 call' : `${count} calls`);

/** Clocks of one machine, read a moment apart, in milliseconds. */
const slackMs = 100;

/** What the local stack keeps of a line besides: the request, the answer, the CRM's calls, and values before and after. */
export function LineTrace({ line }: { line: ShownLine }) {
  const { request_id: request, user_id: user } = line.line;
  const query = new URLSearchParams({ request: String(request ?? ''), user: String(user ?? '') });
  // What a line has written is known a moment after the line.
  const { data: traced, error } = useLoaded<Traced>(`trace?${query}`, 2000);
  const end = Date.parse(line.time);
  const start = end - (msOf(line, 'total') ?? 0) - slackMs;
  const own =
    traced?.written.filter(({ at }) => Date.parse(at) >= start && Date.parse(at) <= end + slackMs) ?? [];
  const isWrite = ['created', 'updated', 'deleted'].includes(String(line.line['result']));
  // Jobs claim effects and take them off, which is not this line's affair.
  const isOwn = ({ before, after }: Traced['written'][number]) => before?.['updated'] !== after?.['updated'];
  const changes = (isWrite ? own.filter(isOwn) : []).flatMap(({ before, after }) =>
    differences(before, after),
  );
  return (
    <section class="trace" aria-label="What this machine knows besides">
      {error !== '' && <p role="alert">{error}</p>}
      {changes.length > 0 && (
        <table>
          <caption>Before and after</caption>
          <tbody>
            {changes.map(({ what, before, after }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>{shown(before)}</td>
                <td>{shown(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {traced?.trace && (
        <details>
          <summary>Request, answer and {callsOf(traced.trace.calls.length)} of the CRM</summary>
          <pre>{JSON.stringify(traced.trace, undefined, 2)}</pre>
        </details>
      )}
    </section>
  );
}
