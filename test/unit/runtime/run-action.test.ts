import { describe, expect, it } from '@jest/globals';
import { defineConfig } from '../../../functions/config/define-config.ts';
import { openTurn } from '../../../functions/pace/turn.ts';
import { secureRandom } from '../../../functions/random.ts';
import { startCall } from '../../../functions/runtime/invocation.ts';
import { runAction, spelled } from '../../../functions/runtime/run-action.ts';
import { crmFor, paceFor, type Services, usersFor } from '../../../functions/runtime/services.ts';
import { exampleInput } from '../example-config.ts';

const unused = () => Promise.reject(new Error('This is not to be called.'));
const call = () => startCall(60_000);
const services: Services = {
  config: defineConfig(
    exampleInput({
      connections: { encharge: { crm: 'encharge' }, users: { crm: 'userengage', account: 'acme' } },
    }),
  ),
  keyRing: { connectionOf: unused, apiToken: () => Promise.resolve('fake-token'), doubt: () => undefined },
  transport: unused,
  log: { record: () => undefined, problem: () => undefined },
  tableName: 'table',
  queueUrl: 'https://queue.example.com',
  deadLetterUrl: 'https://dead-letters.example.com',
  paceMemory: new Map(),
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

describe('an id', () => {
  const connections = services.config.connections;
  const spelling = (connection: string, contactId: string | undefined) => {
    const settings = connections[connection];
    if (!settings) throw new Error('There is no such connection.');
    return spelled({ ...request, contactId }, { connection: settings } as Parameters<typeof spelled>[1])
      .contactId;
  };

  it.each([
    ['encharge', 'E0000000-0000-4000-8000-00000000000A', 'e0000000-0000-4000-8000-00000000000a'],
    ['users', '7', '7'],
    ['users', 'nobody', 'nobody'],
    ['users', undefined, undefined],
  ])('of %s: %s is looked for as %s', (connection, contactId, looked) => {
    expect(spelling(connection, contactId)).toBe(looked);
  });
});
