import { expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Transport } from '../../functions/crm/transport.ts';
import { encharge as entry } from './encharge.ts';
import { playedCrm } from './played-crm.ts';

/**
 * What Encharge's OpenAPI document, version 1.0.0, says of its lists: their parameters, and the answers with 200.
 * https://app-encharge-resources.s3.amazonaws.com/redoc.html
 */
const endUser = z.looseObject({
  id: z.string().optional(),
  email: z.string().optional(),
  userId: z.string().optional(),
  name: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
});
const segment = z.strictObject({
  version: z.union([z.literal(1), z.literal(2)]),
  id: z.number(),
  name: z.string(),
  objectName: z.string(),
  conditions: z.looseObject({}),
  accountId: z.number(),
  readOnly: z.boolean().optional(),
  autoSegment: z.boolean(),
  color: z.string(),
  templateId: z.string(),
});
const tag = z.object({
  tag: z.string(),
  color: z.string().optional(),
  count: z.number().optional(),
  createdAt: z.iso.datetime().optional(),
  description: z.string().optional(),
});
const parameters = z.strictObject({
  limit: z.coerce.number().optional(),
  offset: z.coerce.number().optional(),
  attributes: z.string().optional(),
  sort: z.string().optional(),
  order: z.enum(['asc', 'desc']).optional(),
  ignoreAnonymous: z.enum(['true', 'false']).optional(),
});
const none = z.strictObject({});
const people = z.object({ people: z.array(endUser) });
const document = new Map([
  [/^GET \/v1\/people\/all$/, { parameters, answer: people }],
  [/^GET \/v1\/segments\/\d+\/people$/, { parameters, answer: people }],
  [/^GET \/v1\/segments$/, { parameters: none, answer: z.object({ segments: z.array(segment) }) }],
  [/^GET \/v1\/tags-management$/, { parameters: none, answer: z.object({ tags: z.array(tag) }) }],
]);

const played = playedCrm('encharge', entry);

it("lists of Encharge ask for what its document has, and the sandbox's answers are as it says", async () => {
  const asked = new Set<RegExp>();
  const checked =
    (transport: Transport): Transport =>
    async (request, signal) => {
      const answer = await transport(request, signal);
      const call = `${request.method} ${request.url.pathname}`;
      const [pattern, operation] = [...document].find(([one]) => one.test(call)) ?? [];
      if (!pattern || !operation) throw new Error(`No call of the document is ${call}.`);
      asked.add(pattern);
      operation.parameters.parse(Object.fromEntries(request.url.searchParams));
      operation.answer.parse(JSON.parse(answer.body.toString()));
      return answer;
    };
  for (const { id } of played.sandbox.people.list()) played.sandbox.people.remove(id);
  for (let made = 0; made < 150; made += 1)
    played.sandbox.people.put({ email: `person-${made}@example.com`, tags: ['member', 'odd'] });
  const client = played.client({}, checked);
  const first = await client.list('all', '');
  expect(first).toMatchObject({ next: '99' });
  await client.list('all', '', '99');
  expect(await client.list('tag', 'member')).toMatchObject({ next: '99' });
  const none = await client.list('segment', 'no such');
  const members = ('names' in none ? none.names : []).find((name) => name.endsWith('(member)'));
  expect(await client.list('segment', String(Number.parseInt(members ?? '', 10)))).toMatchObject({
    next: '99',
  });
  expect(asked.size).toBe(document.size);
});
