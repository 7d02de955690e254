import type { Conversation, CrmRequest, Remembered } from '../../functions/crm/conversation.ts';

/** A request as the entries write it. */
export function line({ method, path, query, body }: CrmRequest): string {
  const search = new URLSearchParams(query).toString();
  const sent = body && ('json' in body ? JSON.stringify(body.json) : JSON.stringify(body));
  const url = `${path.text}${search === '' ? '' : `?${decodeURIComponent(search.replaceAll('+', ' '))}`}`;
  return [method, url, ...(sent === undefined ? [] : [sent])].join(' ');
}

/** Has a conversation with recorded answers, or errors in their place, and with what `remembered` parts find out by them. */
export function talk<Result>(
  conversation: Conversation<Result>,
  answers: readonly unknown[],
): { result: Result; requests: CrmRequest[] } {
  const left = [...answers];
  const requests: CrmRequest[] = [];
  function reply(asked: CrmRequest | Remembered): unknown {
    if ('remember' in asked) return have(asked.ask());
    requests.push(asked);
    if (left.length === 0) throw new Error(`There is no answer to ${line(asked)}.`);
    return left.shift();
  }
  function have<Part>(part: Conversation<Part>): Part {
    let step = part.next();
    while (!step.done) {
      const given = reply(step.value);
      step = given instanceof Error ? part.throw(given) : part.next(given);
    }
    return step.value;
  }
  return { result: have(conversation), requests };
}

/** What a conversation asks first. */
export function firstRequest(conversation: Conversation<unknown>): CrmRequest {
  const { value, done } = conversation.next();
  if (done) throw new Error('It asks nothing.');
  return 'remember' in (value as object) ? firstRequest((value as Remembered).ask()) : (value as CrmRequest);
}
