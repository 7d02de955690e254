import { AsyncLocalStorage } from 'node:async_hooks';
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import type { Transport } from '../../functions/crm/transport.ts';
import { masked, maskedBody } from './masked.ts';
import type { Written } from './table-stream.ts';

interface CrmCall {
  method: string;
  url: string;
  body?: unknown;
  status?: number;
  answer?: unknown;
}

/** What the local stack knows of a request besides its lines. Without secrets. */
export interface Trace {
  request?: { method: string; target: string; headers: unknown; body: unknown };
  answer?: { status: number; body: unknown };
  calls: CrmCall[];
}

/** The newest requests with what they asked, and the newest writes to users. In memory. */
export interface Traces {
  handler<Event, Rest extends unknown[], Result>(
    handle: (event: Event, ...rest: Rest) => Promise<Result>,
  ): (event: Event, ...rest: Rest) => Promise<Result>;
  transport(send: Transport): Transport;
  noteWritten(written: Written): void;
  of(requestId: string): Trace | undefined;
  writtenTo(userId: string): readonly Written[];
}

const kept = 1000;

/** Of a webhook, of a job, or of neither. */
function requestIdOf(event: unknown): string | undefined {
  const { requestContext, Records: [record] = [] } = event as Partial<APIGatewayProxyEventV2 & SQSEvent>;
  if (requestContext) return requestContext.requestId;
  const { requestId } = JSON.parse(record?.body ?? '{}') as { requestId?: string };
  return requestId;
}

/** @param secrets what is known to be secret, wherever it stands */
export function createTraces(secrets: () => readonly string[]): Traces {
  const traces = new Map<string, Trace>();
  const written: Written[] = [];
  const current = new AsyncLocalStorage<Trace>();

  const open = (id: string): Trace => {
    const trace = traces.get(id) ?? { calls: [] };
    traces.delete(id);
    traces.set(id, trace);
    for (const old of [...traces.keys()].slice(0, -kept)) traces.delete(old);
    return trace;
  };
  const noteRequest = (trace: Trace, event: Partial<APIGatewayProxyEventV2>) => {
    const { requestContext, rawPath = '', rawQueryString = '', headers, body = '', isBase64Encoded } = event;
    if (!requestContext) return;
    const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
    const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
    trace.request = {
      method: requestContext.http.method,
      target: String(masked(rawPath + query, secrets())),
      headers: masked(headers, secrets()),
      body: maskedBody(text, secrets()),
    };
  };
  const noteAnswer = (trace: Trace, result: unknown) => {
    if (typeof result !== 'object' || result === null || !('statusCode' in result)) return;
    const { statusCode, body } = result as { statusCode: number; body?: string };
    trace.answer = { status: statusCode, body: maskedBody(body ?? '', secrets()) };
  };
  return {
    handler:
      (handle) =>
      async (event, ...rest) => {
        const id = requestIdOf(event);
        if (id === undefined) return handle(event, ...rest);
        const trace = open(id);
        noteRequest(trace, event as Partial<APIGatewayProxyEventV2>);
        const result = await current.run(trace, () => handle(event, ...rest));
        noteAnswer(trace, result);
        return result;
      },
    transport: (send) => async (request, signal) => {
      const { method, url, body } = request;
      const call: CrmCall = { method, url: String(masked(url.href, secrets())) };
      if (body !== undefined) call.body = maskedBody(body, secrets());
      current.getStore()?.calls.push(call);
      const response = await send(request, signal);
      call.status = response.status;
      call.answer = maskedBody(response.body, secrets());
      return response;
    },
    noteWritten(one) {
      const hidden = (item: Written['before']) =>
        item && (masked(item, secrets()) as Record<string, unknown>);
      written.push({ ...one, before: hidden(one.before), after: hidden(one.after) });
      if (written.length > kept) written.shift();
    },
    of: (requestId) => traces.get(requestId),
    writtenTo: (userId) => written.filter((one) => one.userId === userId),
  };
}
