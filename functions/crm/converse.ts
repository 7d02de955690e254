import type { Conversation, Remembered } from './conversation.ts';
import type { SentRequest } from './crm-answer.ts';
import { ContactNotFound, CrmAnswerInvalid } from './crm-errors.ts';
import { orInvalid } from './or-invalid.ts';

/** Sends one request and goes on with its answer, which it returns as the conversation's next step. */
export type Ask = <Next>(request: SentRequest, goOn: (answer: unknown) => Next) => Promise<Next>;

/** No question takes more calls; one that never ends must not keep us for ever. */
const mostCalls = 100;

/** A question that is about no contact: a 404 then is a wrong URL's, and nobody's who is looked for. */
export const aboutAccount =
  (ask: Ask): Ask =>
  (request, goOn) =>
    ask({ ...request, isAboutAccount: true }, goOn);

/**
 * Has a conversation.
 *
 * @param recall what its parts remember, asked for by `ask` where it is not known
 * @throws CrmAnswerInvalid, what `ask` throws, and what the conversation makes of a contact that is not there
 */
export async function converse<Result>(
  conversation: Conversation<Result>,
  ask: Ask,
  recall: (part: Remembered, ask: Ask) => Promise<unknown>,
): Promise<Result> {
  const goOn = (answer: unknown) => orInvalid(() => conversation.next(answer));
  let step = goOn(undefined);
  for (let calls = 0; !step.done; calls += 1) {
    if (calls === mostCalls) throw new CrmAnswerInvalid('it never ends');
    const { value } = step;
    try {
      step = 'remember' in value ? goOn(await recall(value, ask)) : await ask(value, goOn);
    } catch (error) {
      if (!(error instanceof ContactNotFound)) throw error;
      step = orInvalid(() => conversation.throw(error));
    }
  }
  return step.value;
}
