import { describe, expect, it } from '@jest/globals';
import type { ActionPorts } from '../../../functions/actions/ports.ts';
import { defineConfig } from '../../../functions/config/define-config.ts';
import type { ContactRequest } from '../../../functions/jobs/contact-request.ts';
import { openTurn } from '../../../functions/pace/turn.ts';
import { secureRandom } from '../../../functions/random.ts';
import { startInvocation } from '../../../functions/runtime/invocation.ts';
import { known, runAction } from '../../../functions/runtime/run-action.ts';
import { crmFor, paceFor, type Services, usersFor } from '../../../functions/runtime/services.ts';
import { exampleInput } from '../example-config.ts';

const unused = () => Promise.reject(new Error('This is not to be called.'));
const call = () => startInvocation(60_000);
const services: Services = {
  config: defineConfig(
    exampleInput({
      connections: { encharge: { crm: 'encharge' }, users: { crm: 'userengage', account: 'acme' } },
    }),
  ),
  keyRing: {
    connectionOf: unused,
    credentials: () => Promise.resolve({ apiToken: 'fake-token' }),
    webhookSecret: () => Promise.resolve(undefined),
    doubt: () => undefined,
  },
  siteKeys: { connectionOf: unused },
  transport: unused,
  log: { record: () => undefined, problem: () => undefined },
  tableName: 'table',
  queueUrl: 'https://queue.example.com',
  deadLetterUrl: 'https://dead-letters.example.com',
  paceMemory: new Map(),
  crmMemories: new Map(),
  secretIds: {},
  crmUrls: {},
  now: () => new Date(),
  random: secureRandom,
  sleep: unused,
  ...({
    documents: { send: unused },
    sqs: { send: unused },
    ses: { send: unused },
    secrets: { send: unused },
  } as unknown as Pick<Services, 'documents' | 'sqs' | 'ses' | 'secrets'>),
};
const whom = {
  lane: 'live',
  turn: openTurn({ table: usersFor(services, call()), group: 'a digest' }),
} as const;
const request = {
  action: 'add',
  connection: 'encharge',
  sendNotification: false,
  lane: 'live',
  receivedAt: '2026-03-01T12:00:00.000Z',
  requestId: 'r1',
} as const;

describe('an action that cannot be run', () => {
  it.each([
    [
      'a connection that is not configured',
      { ...request, connection: 'gone', contactId: 'c1' },
      'internal_error',
    ],
    ['an add of nobody', request, 'contact_id_missing'],
    [
      'a delete that the connection does not allow',
      { ...request, action: 'delete' as const, contactId: 'c1' },
      'action_not_allowed',
    ],
    [
      'a test, which is never queued',
      { ...request, action: 'test' as const, contactId: 'c1' },
      'internal_error',
    ],
  ])('%s', async (_name, given, code) => {
    await expect(runAction(given, services, call(), whom)).rejects.toThrow(expect.objectContaining({ code }));
  });
});

it('there is no CRM client for a connection that is not configured', () => {
  const client = (name: string) => crmFor(services, name, call(), paceFor(services, name, call(), whom));
  expect(client('gone')).toBeUndefined();
  expect(client('encharge')).toBeDefined();
});

describe('the contact of a request', () => {
  const asked: string[] = [];
  const portsOf = (connection: string) => {
    const settings = services.config.connections[connection];
    const loadByEmail = (email: string) => {
      asked.push(email);
      const contact = { id: '7', email: 'ada@example.com', fields: new Map(), tags: [] };
      return Promise.resolve(email === contact.email ? contact : undefined);
    };
    return { connection: settings, crm: { loadByEmail } } as unknown as ActionPorts;
  };
  const lookedFor = (connection: string, named: Pick<ContactRequest, 'contactId' | 'contactEmail'>) => {
    asked.length = 0;
    return known({ ...request, ...named }, portsOf(connection));
  };

  it.each([
    ['encharge', 'E0000000-0000-4000-8000-00000000000A', 'e0000000-0000-4000-8000-00000000000a'],
    ['users', '7', '7'],
    ['users', 'nobody', 'nobody'],
    ['users', undefined, undefined],
  ])('of %s: %s is looked for as %s', async (connection, contactId, looked) => {
    expect(await lookedFor(connection, { contactId })).toEqual({ ...request, contactId: looked });
    expect(asked).toEqual([]);
  });

  it('is whom the CRM has for the address, where there is no id', async () => {
    const contactEmail = 'ada@example.com';
    expect(await lookedFor('users', { contactEmail })).toEqual({ ...request, contactEmail, contactId: '7' });
    expect(asked).toEqual([contactEmail]);
    expect(await lookedFor('users', { contactEmail, contactId: '8' })).toMatchObject({ contactId: '8' });
    expect(asked).toEqual([]);
  });

  it('is nobody, where the CRM has nobody for the address', async () => {
    await expect(lookedFor('users', { contactEmail: 'eve@example.com' })).rejects.toThrow(
      expect.objectContaining({ code: 'contact_not_found' }),
    );
  });
});
