import * as z from 'zod';

const faultKinds = [
  /** Only the delay of `latencyMs`; the answer is the right one. */
  'latency',
  /** An error `status` in the CRM's own words, or with `body`, and `retryAfter` as its header. */
  'status',
  /** The connection is reset without an answer. */
  'reset',
  /** Status 200 and headers that promise a body, then the connection closes. */
  'reset_after_headers',
  /** The right answer cut in half, its length header telling the shorter length: complete HTTP, broken JSON. */
  'truncate',
  /** The right answer cut in half, its length header telling the whole length; then the connection closes. */
  'truncate_wrong_length',
  /** A page of HTML with status 200. */
  'html',
  /** A page of HTML with an error `status`, 502 unless told, as proxies send it. */
  'html_status',
  /** Status 200, called JSON, but none. */
  'garbage',
  /** Status 200 and JSON of another shape: `body`, or `{"ok":true}`. */
  'unknown_shape',
  /** The right answer, but without tags, with null for them, or with tags that are no tags. */
  'tags_absent',
  'tags_null',
  'no_tags_shape',
  /** No answer, and the connection stays open. */
  'hang',
  /** The right answer and after it white space up to more than 6 MB, without a length header. */
  'oversize',
  /** A redirect (302) to `location`, else to a host that does not exist. */
  'redirect',
  /** The headers at once, the body of the right answer a byte at a time. */
  'slow_body',
] as const;

const changesTheAnswer: ReadonlySet<FaultKind> = new Set([
  'truncate',
  'truncate_wrong_length',
  'tags_absent',
  'tags_null',
  'no_tags_shape',
  'oversize',
  'slow_body',
]);

const faultSchema = z
  .strictObject({
    /** `status` when a status is given, `latency` when only `latencyMs` is. */
    kind: z.enum(faultKinds).optional(),
    /** Delay in milliseconds, with every kind. */
    latencyMs: z.number().min(0).max(600_000).optional(),
    status: z.int().min(400).max(599).optional(),
    retryAfter: z.string().optional(),
    body: z.json().optional(),
    location: z.string().optional(),
    /** Only requests with this method. */
    method: z.string().optional(),
    /** Only requests whose path and query contain this text, as sent or decoded. */
    pathContains: z.string().optional(),
    /** For so many requests; until cleared unless told. */
    times: z.int().positive().optional(),
    /**
     * Whether the fault (its delay included) comes before the request is carried out, which then never is unless
     * the fault is only a delay, or after, so that only its answer is lost or late. `before` unless told; kinds that
     * change the right answer are always `after`.
     */
    applies: z.enum(['before', 'after']).optional(),
  })
  .transform((fault) => {
    const kind = fault.kind ?? (fault.status === undefined ? 'latency' : 'status');
    return { ...fault, kind, applies: fault.applies ?? (changesTheAnswer.has(kind) ? 'after' : 'before') };
  })
  .superRefine((fault, context) => {
    const problem = contradiction(fault);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

export type FaultKind = (typeof faultKinds)[number];
/** What may be injected. */
export type Fault = z.input<typeof faultSchema>;
/** A fault with its defaults filled in. */
export type CheckedFault = z.output<typeof faultSchema>;

function contradiction(fault: CheckedFault): string | undefined {
  const { kind, status, latencyMs, applies } = fault;
  if (kind === 'latency' && latencyMs === undefined) return 'a fault needs a kind, a status or latencyMs';
  if (kind === 'status' && status === undefined) return 'kind "status" needs a status';
  if (status !== undefined && kind !== 'status' && kind !== 'html_status')
    return `kind "${kind}" has no status`;
  if (changesTheAnswer.has(kind) && applies === 'before') return `kind "${kind}" always applies after`;
  return undefined;
}

/** Somebody injected what is no fault. The message says where it is wrong. */
export class InvalidFault extends Error {
  override name = 'InvalidFault';
}

/** @throws {InvalidFault} */
export function checkFault(fault: unknown): CheckedFault {
  const result = faultSchema.safeParse(fault);
  if (result.success) return result.data;
  throw new InvalidFault(z.prettifyError(result.error));
}
