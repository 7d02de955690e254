import { useEffect, useState } from 'preact/hooks';
import type { ShownLine } from '../answers.ts';
import { msOf } from '../chart-data.ts';
import { differences } from '../differences.ts';
import { read } from './server.ts';

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

/** Clocks of one machine, read a moment apart, in milliseconds. */
const slackMs = 100;

/** What the local stack keeps of a line besides: the request, the answer, the CRM's calls, and values before and after. */
export function LineTrace({ line }: { line: ShownLine }) {
  const { request_id: request, user_id: user } = line.line;
  const [traced, setTraced] = useState<Traced | undefined>(undefined);
  useEffect(() => {
    const query = new URLSearchParams({ request: String(request), user: String(user ?? '') });
    void read<Traced>(`trace?${query}`).then(setTraced, () => undefined);
  }, [request, user, line.seq]);
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
          <summary>Request, answer and {traced.trace.calls.length} calls of the CRM</summary>
          <pre>{JSON.stringify(traced.trace, undefined, 2)}</pre>
        </details>
      )}
    </section>
  );
}
