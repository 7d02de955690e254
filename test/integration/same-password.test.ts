import { expect, it } from '@jest/globals';
import { CrmUnavailable } from '../../functions/crm/crm-errors.ts';
import { createUser } from '../../functions/users/create.ts';
import { effectsJob } from '../../lib/commands/support/effects-job.ts';
import config from '../../usher.config.ts';
import { exampleUser } from '../unit/example-user.ts';
import { crm, newContactId, plan, table, useEffectPorts, work } from './effect-ports.ts';

useEffectPorts();

const since = '2026-03-01T12:00:00.000Z';

/** What is written to the CRM, try by try; the first one fails after it. */
function recording(written: [connection: string, id: string, password: unknown][]) {
  return (connection: string) => ({
    ...crm.client('userengage'),
    load: (id: string) => Promise.resolve({ id, email: undefined, fields: new Map(), tags: [] }),
    writeField: (id: string, _field: string, value: string) => {
      written.push([connection, id, value]);
      return written.length === 1 ? Promise.reject(new CrmUnavailable({})) : Promise.resolve();
    },
  });
}

it('a second try returns the same password, to the connection that asked, whoever sends the job', async () => {
  const contacts = { encharge: newContactId(), userengage: newContactId() };
  const pending = { since, connection: 'userengage', salt: 'a salt' };
  const user = { ...plan([], contacts), effects: { return_password: pending } };
  await createUser(table, user);
  const written: [string, string, unknown][] = [];
  const ports = { crm: recording(written) };
  await expect(work(user, ports)).rejects.toMatchObject({ code: 'crm_unavailable' });
  expect(await work(user, ports, { connection: 'encharge' })).toMatchObject({ done: ['return_password'] });
  expect(written).toEqual([written[0], written[0]]);
  expect(written[0]).toEqual(['userengage', contacts.userengage, expect.stringMatching(/^[A-Za-z0-9]{20}$/)]);
});

const given = { id: 'j', requestId: 'r', now: new Date(since) };

it.each([
  ['the one that asked', 'userengage', { encharge: 'e', userengage: 'u' }, 'userengage'],
  ['none of several, when nobody knows which', undefined, { encharge: 'e', userengage: 'u' }, undefined],
  ['the only one', undefined, { encharge: 'e' }, 'encharge'],
])('a job by hand is for %s', (_name, connection, contacts, expected) => {
  const pending = connection === undefined ? { since } : { since, connection };
  const user = exampleUser({
    contacts: contacts as Record<string, string>,
    effects: { return_password: pending },
  });
  expect(effectsJob(user, config, given)?.connection).toBe(expected);
});
