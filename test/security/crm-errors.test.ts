import { validateHeaderValue } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { Transport } from '../../functions/crm/transport.ts';
import { UsherError } from '../../functions/errors.ts';
import { crm, type Reply, useCrmServer } from '../unit/crm/crm-server.ts';
import { held, planted, thrownBy, told } from './what-errors-tell.ts';

useCrmServer();

describe('errors of the CRM client hold nothing, however deep one looks', () => {
  const body = JSON.stringify(planted);
  const replies: [string, Reply][] = [
    ...[301, 400, 401, 403, 404, 422, 429, 500, 503].map((status): [string, Reply] => [
      String(status),
      { status, body, headers: { 'x-request': body, 'retry-after': '1' } },
    ]),
    ['garbage', { body: `not JSON ${body}` }],
    ['HTML', { body: `<p>${body}` }],
    ['another shape', { body: { users: [planted, ...Object.values(planted)], ...planted } }],
    ['another person', { body: { users: [{ id: planted.address, tags: planted.value, ...planted }] } }],
    ['a reset', (_response, request) => request.socket.resetAndDestroy()],
    ['half an answer', (response) => void response.writeHead(200).write(body, () => response.destroy())],
    ['no HTTP', (response) => void response.socket?.end(`${body}\r\n\r\n`)],
    ['too much', { body: body.padEnd(6 * 1024 * 1024) }],
    ['nothing in time', () => undefined],
  ];
  const options = { credentials: () => Promise.resolve({ apiToken: planted.token }), timeoutMs: 2000 };

  /** Refuses a header as Node's client does, which for such a one leaves a timer behind. */
  const checked: Transport = ({ headers }) =>
    Promise.resolve().then(() => {
      for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
      throw new Error('The token was sent.');
    });

  it.each(replies)('%s', async (_name, reply) => {
    crm.answer(reply);
    const patience = typeof reply === 'function' ? { ...options, timeoutMs: 200 } : options;
    const client = crm.client('encharge', patience);
    const outcomes = await Promise.allSettled([
      client.load(planted.value),
      client.writeField('c1', 'wpPassword', planted.password),
      // This CRM is written without being asked first.
      crm.client('userengage', patience).writeField('7', 'wp_password', planted.password),
    ]);
    const errors = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      for (const secret of Object.values(planted)) expect(held(error)).not.toContain(secret);
      expect(JSON.stringify(crm.calls)).not.toContain('planted');
    }
  });

  it.each([
    [
      'a line break in the token',
      { credentials: () => Promise.resolve({ apiToken: `${planted.token}\r\nX: 1` }), transport: checked },
    ],
    [
      'a token outside ASCII',
      { credentials: () => Promise.resolve({ apiToken: `${planted.token}☃` }), transport: checked },
    ],
    ['nobody there', { credentials: options.credentials, baseUrl: 'http://127.0.0.1:1/' }],
    ['time that is over', { credentials: options.credentials, signal: AbortSignal.abort(planted.token) }],
  ])('%s', async (_name, change) => {
    const error = await thrownBy(() => crm.client('encharge', change).load(planted.address));
    expect(error).toBeInstanceOf(UsherError);
    expect(told(error)).not.toContain('planted');
    if ('transport' in change) expect(told(error)).toContain('ERR_INVALID_CHAR');
    // Only whoever aborts the signal knows the reason that it gives.
    if (!('signal' in change)) expect(held(error)).not.toContain('planted');
  });
});
