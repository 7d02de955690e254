import { expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { jsonOf } from '../../../functions/site/json.ts';

it('half a surrogate pair, which the table does not take, is replaced at any depth', () => {
  const text = () => String.raw`{"login":"a\ud83d","more":["\udc00"]}`;
  const schema = z.object({ login: z.string(), more: z.array(z.string()) });
  expect(jsonOf({ text }, schema)).toEqual({ login: 'a\uFFFD', more: ['\uFFFD'] });
});
