import { startInvocation } from '../../functions/runtime/invocation.ts';
import { createLog, type Line } from '../../functions/runtime/log.ts';
import { captureOutput } from '../support/capture-output.ts';

interface Emf {
  _aws?: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [dimension: string]: unknown;
}

/** Namespace, name and dimensions of a metric, in one comparable text. */
export function metricKey(namespace: string, name: string, dimensions: Record<string, unknown>): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => a.localeCompare(b));
  return [namespace, name, ...sorted.map(([dimension, value]) => `${dimension}=${String(value)}`)].join(' ');
}

/** Lines that between them have every metric. */
const lines: Partial<Line>[] = [
  {},
  { kind: 'job', result: 'failed', attempt: 2, ageSeconds: 1 },
  { invocation: { ...startInvocation(60_000), access: 'rejected' } },
  { deferredBy: 'crm_unavailable' },
  { errorCode: 'crm_answer_invalid' },
  { errorCode: 'invalid_access_key', connection: 'none' },
];

/** The metrics that the function writes for a connection. */
export function emittedMetrics(namespace: string, connection: string): Set<string> {
  const endCapture = captureOutput();
  try {
    const log = createLog(namespace);
    const call = { ...startInvocation(60_000), ms: { crm: 1, total: 2 }, crmCalls: 1 };
    for (const change of lines) {
      log.record({
        kind: 'webhook',
        action: 'add',
        connection,
        result: 'created',
        requestId: 'r',
        invocation: call,
        ...change,
      });
    }
  } finally {
    endCapture();
  }
  const entries = endCapture()
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Emf);
  return new Set(
    entries.flatMap((entry) =>
      (entry._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
        Metrics.flatMap(({ Name }) =>
          Dimensions.map((names) =>
            metricKey(Namespace, Name, Object.fromEntries(names.map((name) => [name, entry[name]]))),
          ),
        ),
      ),
    ),
  );
}
