import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findByContact } from '../../functions/users/find.ts';
import { encharge, ports, useActionPorts } from '../integration/action-ports.ts';
import { begin, type Edit, interleave, tagsInCrm } from '../integration/interleaving.ts';
import type { Turn } from '../integration/turns.ts';

useActionPorts();

const beginnings = ['nobody', 'user', 'user of another'] as const;
const actions = ['add', 'update', 'update_tags', 'update by address'] as const;
type Beginning = (typeof beginnings)[number];

async function expectLastState(there: Beginning, webhooks: readonly Edit[], turns: readonly Turn[]) {
  const contact = await begin(there);
  const results = await interleave(contact, webhooks, turns);
  const user = await findByContact(ports.users, encharge, contact.id);
  const isExpected = there === 'user' || results.some((result) => result !== 'user_not_found');
  expect([results, user !== undefined]).toEqual([results, isExpected]);
  if (user) expect([turns, results, user.tags]).toEqual([turns, results, tagsInCrm(contact)]);
}

/** More than any of them makes. */
const mostCalls = 8;
const cases = beginnings.flatMap((there) =>
  actions.flatMap((slow) =>
    actions.map((fast): [Edit['action'], Edit['action'], Beginning] => [slow, fast, there]),
  ),
);

it.each(cases)(
  '%s, held up at any of its calls for a whole %s, before which there was %s',
  async (slow, fast, there) => {
    const webhooks: Edit[] = [
      { action: slow, tags: ['for a moment'] },
      { action: fast, tags: ['before'] },
    ];
    for (let calls = 1; calls <= mostCalls; calls += 1) {
      await expectLastState(there, webhooks, [
        { who: 0, calls, isLost: false },
        { who: 0, calls: 40, isLost: false },
      ]);
    }
  },
);

/** Few values, so that the contact is often changed back. */
const edits = fc.array(
  fc.record({
    action: fc.constantFrom(...actions),
    tags: fc.constantFrom<string[][]>(['before'], ['after']),
  }),
  { minLength: 2, maxLength: 3 },
);
const isLost = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);
const order = fc.array(fc.record({ who: fc.nat(5), calls: fc.integer({ min: 1, max: 7 }), isLost }), {
  minLength: 8,
  maxLength: 24,
});

it('reads, pulls and writes in any order, some of them lost, leave what the CRM held at the end', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...beginnings), edits, order, expectLastState), {
    numRuns: 60,
  });
}, 120_000);
