import { type ApiAnswer, emptyAnswer, htmlAnswer, jsonAnswer } from './api-answer.ts';
import { closeAfterHalf, closeAfterHeaders, firstHalf, sendOversize, sendSlowly } from './cut-answer.ts';
import type { FaultKind } from './fault.ts';
import type { FaultyExchange } from './faulty-exchange.ts';
import { sendAnswer } from './send-answer.ts';
import { spoilTags, type TagFault } from './spoil-tags.ts';

/** Answers, or does not. Returns the status sent, `null` for none. */
type Sender = (exchange: FaultyExchange) => number | null;

const senders: Readonly<Record<FaultKind, Sender>> = {
  latency: instead(({ answer }) => answer),
  status: instead(errorAnswer),
  reset({ response }) {
    response.socket?.resetAndDestroy();
    return null;
  },
  reset_after_headers: closeAfterHeaders,
  truncate: ({ response, answer }) => sendAnswer(response, { ...answer, body: firstHalf(answer.body) }),
  truncate_wrong_length: closeAfterHalf,
  html: instead(() => htmlAnswer(200, 'Please wait', 'Checking your browser…')),
  html_status: instead(({ fault }) =>
    htmlAnswer(fault.status ?? 502, 'Bad Gateway', 'The server returned an invalid response.'),
  ),
  garbage: instead(() => ({ ...jsonAnswer(200, ''), body: '{"users": [}, <not json>' })),
  unknown_shape: instead(({ fault: { body = { ok: true } } }) => jsonAnswer(200, body)),
  tags_absent: spoiled('tags_absent'),
  tags_null: spoiled('tags_null'),
  no_tags_shape: spoiled('no_tags_shape'),
  hang: () => null,
  oversize: sendOversize,
  redirect: instead(({ fault, path }) => ({
    ...emptyAnswer(302),
    headers: { location: fault.location ?? `https://elsewhere.invalid${path}` },
  })),
  slow_body: sendSlowly,
};

export function sendFault(exchange: FaultyExchange): number | null {
  return senders[exchange.fault.kind](exchange);
}

function instead(replace: (exchange: FaultyExchange) => ApiAnswer): Sender {
  return (exchange) => sendAnswer(exchange.response, replace(exchange));
}

function spoiled(fault: TagFault): Sender {
  return instead(({ answer, tagsAt }) => ({ ...answer, body: spoilTags(answer.body, tagsAt, fault) }));
}

function errorAnswer({ api, fault: { status = 500, body, retryAfter } }: FaultyExchange): ApiAnswer {
  const natural = api.error(status);
  return {
    ...(body === undefined ? natural : jsonAnswer(status, body)),
    headers: { ...natural.headers, ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) },
  };
}
