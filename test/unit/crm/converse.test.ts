import { expect, it } from '@jest/globals';
import type { Conversation } from '../../../functions/crm/conversation.ts';
import { type Ask, converse } from '../../../functions/crm/converse.ts';
import { CrmAnswerInvalid } from '../../../functions/crm/crm-errors.ts';
import { path } from '../../../functions/crm/path.ts';

/** A question that asks so often, and then says so. */
function* asking(times: number): Conversation<number> {
  for (let count = 0; count < times; count += 1) yield { method: 'GET', path: path`contacts` };
  return times;
}

async function talk(times: number) {
  let asked = 0;
  const ask: Ask = (_request, goOn) => {
    asked += 1;
    return Promise.resolve(goOn({}));
  };
  const nothing = () => Promise.reject(new Error('Nothing is remembered here.'));
  const result = await converse(asking(times), ask, nothing).catch((error: unknown) => error);
  return { asked, result };
}

it('a question takes a hundred calls, and no more: one that never ends keeps nobody for ever', async () => {
  expect(await talk(100)).toEqual({ asked: 100, result: 100 });
  expect(await talk(101)).toEqual({ asked: 100, result: expect.any(CrmAnswerInvalid) });
});
