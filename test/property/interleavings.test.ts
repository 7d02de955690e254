import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findByContact } from '../../functions/users/find.ts';
import { encharge, ports, useActionPorts } from '../integration/action-ports.ts';
import { begin, type Edit, interleave, tagsInCrm } from '../integration/interleaving.ts';

useActionPorts();

const before = fc.constantFrom('nobody', 'user', 'user of another');
const action = fc.constantFrom<Edit['action'][]>('add', 'update', 'update_tags', 'update by address');
/** Few values, so that the contact is often changed back. */
const edits = fc.array(fc.record({ action, tags: fc.constantFrom<string[][]>(['before'], ['after']) }), {
  minLength: 2,
  maxLength: 3,
});
const isLost = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);
const order = fc.array(fc.record({ who: fc.nat(5), isLost }), { minLength: 20, maxLength: 60 });

it('reads, pulls and writes of webhooks in any order leave what the CRM held at the end', async () => {
  await fc.assert(
    fc.asyncProperty(before, edits, order, async (there, webhooks, turns) => {
      const contact = await begin(there);
      const results = await interleave(contact, webhooks, turns);
      const user = await findByContact(ports.users, encharge, contact.id);
      const isExpected = there === 'user' || results.some((result) => result !== 'user_not_found');
      expect([results, user !== undefined]).toEqual([results, isExpected]);
      if (user) expect([results, user.tags]).toEqual([results, tagsInCrm(contact)]);
    }),
    { numRuns: 100 },
  );
}, 120_000);
