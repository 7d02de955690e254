import { describe, expect, it } from '@jest/globals';
import { crm, type Reply, useCrmServer } from './crm-server.ts';

useCrmServer();

const ada = { id: 'c1', email: 'ada@example.com', tags: 'a,b' };
const page = { 'content-type': 'text/html; charset=utf-8' };
const html = '<!DOCTYPE html><html><body>Cannot GET</body></html>';

/** An answer with no header that says what it is. */
const bare =
  (status: number, body: string): Reply =>
  (response) =>
    void response.writeHead(status).end(body);

/** Loads contact `c1` of Encharge and gives what came of it. */
async function load(...replies: Reply[]): Promise<unknown> {
  crm.answer(...replies);
  return crm
    .client('encharge')
    .load('c1')
    .catch((error: unknown) => error);
}

describe('an answer', () => {
  it('becomes a contact', async () => {
    expect(await load({ body: { users: [ada] } })).toEqual({
      id: 'c1',
      email: 'ada@example.com',
      fields: new Map([['email', 'ada@example.com']]),
      tags: ['a', 'b'],
    });
    expect(crm.received).toHaveLength(1);
    expect(crm.calls).toEqual([{ template: 'people', status: 200 }]);
  });

  it('keeps every digit of a long number, as text; others stay numbers', async () => {
    const values = '"id":"c1","long":10209876543210987,"minus":-10209876543210987,"safe":9007199254740991';
    const rest =
      '"fraction":0.1234567890123456,"huge":1e20,"text":"12345678901234567890","list":[[99999999999999999]]';
    const contact = await load(bare(200, `{"users":[{${values},${rest}}]}`));
    expect(contact).toMatchObject({
      fields: new Map<string, unknown>([
        ['long', '10209876543210987'],
        ['minus', '-10209876543210987'],
        ['safe', 9007199254740991],
        ['fraction', 0.1234567890123456],
        ['huge', 1e20],
        ['text', '12345678901234567890'],
        ['list', [['99999999999999999']]],
      ]),
    });
  });

  it('is read as UTF-8, wherever the packets are cut', async () => {
    const bytes = Buffer.from(JSON.stringify({ users: [{ ...ada, tags: 'Käufer,👩‍👩‍👧‍👦' }] }));
    const cut = bytes.indexOf(0xf0) + 2;
    const contact = await load((response) => {
      response.writeHead(200).flushHeaders();
      response.write(bytes.subarray(0, cut));
      setImmediate(() => response.end(bytes.subarray(cut)));
    });
    expect(contact).toMatchObject({ tags: ['Käufer', '👩‍👩‍👧‍👦'] });
  });

  it.each<[name: string, reply: Reply, error: object]>([
    ['401', { status: 401 }, { code: 'crm_credentials_rejected', retryable: true }],
    ['403', { status: 403 }, { code: 'crm_credentials_rejected', retryable: true }],
    [
      '404',
      { status: 404, body: { error: { message: 'x' } } },
      { code: 'contact_not_found', retryable: true },
    ],
    ['404 without a body', { status: 404 }, { code: 'contact_not_found', retryable: true }],
    [
      '404 as a page',
      { status: 404, body: html, headers: page },
      { code: 'crm_answer_invalid', retryable: true },
    ],
    [
      '404 as a page that says it is JSON',
      { status: 404, body: html },
      { code: 'crm_answer_invalid', retryable: true },
    ],
    [
      '404 as a page that begins with text',
      { status: 404, body: 'Cannot GET', headers: page },
      { code: 'crm_answer_invalid', retryable: true },
    ],
    ['404 as a page without a type', bare(404, html), { code: 'crm_answer_invalid', retryable: true }],
    ['404 without a type', bare(404, ''), { code: 'contact_not_found', retryable: true }],
    [
      '404 with a < in it',
      { status: 404, body: { error: { message: 'no <person>' } } },
      { code: 'contact_not_found', retryable: true },
    ],
    ['408', { status: 408 }, { code: 'crm_unavailable', retryable: true }],
    ['425', { status: 425 }, { code: 'crm_unavailable', retryable: true }],
    ['429', { status: 429 }, { code: 'crm_rate_limited', retryable: true, retryAfterSeconds: undefined }],
    [
      '429 with seconds',
      { status: 429, headers: { 'retry-after': '7' } },
      { code: 'crm_rate_limited', retryAfterSeconds: 7 },
    ],
    [
      '429 with a date',
      { status: 429, headers: { 'retry-after': 'Sun, 01 Mar 2026 12:01:00 GMT' } },
      { code: 'crm_rate_limited', retryAfterSeconds: 60 },
    ],
    ['500', { status: 500 }, { code: 'crm_unavailable', retryable: true }],
    ['501', { status: 501 }, { code: 'crm_unavailable', retryable: true }],
    [
      '503 with a time',
      { status: 503, headers: { 'retry-after': '9' } },
      { code: 'crm_unavailable', retryAfterSeconds: 9 },
    ],
    ['599', { status: 599 }, { code: 'crm_unavailable', retryable: true }],
    ['300', { status: 300, body: { users: [ada] } }, { code: 'crm_answer_invalid', retryable: true }],
    [
      '301',
      { status: 301, headers: { location: '/api/elsewhere' } },
      { code: 'crm_answer_invalid', message: expect.stringMatching('status 301') },
    ],
    ['304', { status: 304 }, { code: 'crm_answer_invalid', retryable: true }],
    ['400', { status: 400, body: {} }, { code: 'crm_answer_invalid', retryable: true }],
    ['410', { status: 410, body: {} }, { code: 'crm_answer_invalid', retryable: true }],
    ['422', { status: 422, body: {} }, { code: 'crm_answer_invalid', retryable: true }],
    [
      'a page with 200',
      { body: html, headers: page },
      { code: 'crm_answer_invalid', message: expect.stringMatching('HTML') },
    ],
    [
      'a page with 200 that says it is JSON',
      { body: ` ${html}` },
      { code: 'crm_answer_invalid', message: expect.stringMatching('HTML') },
    ],
    ['nothing with 200', {}, { code: 'crm_answer_invalid', message: expect.stringMatching('not JSON') }],
    ['204', { status: 204 }, { code: 'crm_answer_invalid', retryable: true }],
    [
      'half of it',
      { body: '{"users":[{"id":"c1","ta' },
      { code: 'crm_answer_invalid', message: expect.stringMatching('not JSON') },
    ],
    [
      'another shape',
      { body: { people: [ada] } },
      { code: 'crm_answer_invalid', message: expect.stringMatching('shape') },
    ],
    [
      'tags of another shape',
      { body: { users: [{ ...ada, tags: { a: true } }] } },
      { code: 'crm_answer_invalid', retryable: true },
    ],
    ['nobody', { body: { users: [] } }, { code: 'contact_not_found', retryable: true }],
    [
      'somebody else',
      { body: { users: [{ ...ada, id: 'c2' }] } },
      { code: 'crm_answer_invalid', message: expect.stringMatching('another contact') },
    ],
  ])('%s', async (_name, reply, error) => {
    const thrown = await load(reply);
    expect(thrown).toMatchObject(error);
    expect(String((thrown as Error).message)).not.toMatch(/ada|Cannot GET/);
  });

  it('names several contacts: the right one is taken', async () => {
    const other = { ...ada, id: 'c2' };
    expect(await load({ body: { users: [other, ada] } })).toMatchObject({ id: 'c1' });
  });

  it('redirects nobody', async () => {
    await load({ status: 302, headers: { location: '/api/people' } }, { body: { users: [ada] } });
    expect(crm.received).toHaveLength(1);
  });
});

describe('another try', () => {
  const right: Reply = { body: { users: [ada] } };
  const reset: Reply = (_response, request) => request.socket.resetAndDestroy();
  const closed: Reply = (_response, request) => request.socket.destroy();
  const cut: Reply = (response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('{"users":[', () => response.destroy());
  };

  it.each<[name: string, reply: Reply]>([
    ['408', { status: 408 }],
    ['425', { status: 425 }],
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a reset connection', reset],
    ['a closed connection', closed],
    ['an answer that breaks off', cut],
  ])('is made after %s', async (_name, reply) => {
    expect(await load(reply, right)).toMatchObject({ id: 'c1' });
    expect(crm.received).toHaveLength(2);
    expect(crm.calls).toHaveLength(2);
    expect(crm.pauses).toEqual([200]);
  });

  it.each<[name: string, reply: Reply]>([
    ['503', { status: 503 }],
    ['a reset connection', reset],
  ])('is the only one: %s twice', async (_name, reply) => {
    expect(await load(reply, reply, right)).toMatchObject({ code: 'crm_unavailable', retryable: true });
    expect(crm.received).toHaveLength(2);
  });

  it('may come to another end', async () => {
    expect(await load({ status: 503 }, { status: 401 })).toMatchObject({ code: 'crm_credentials_rejected' });
  });

  it.each<[name: string, reply: Reply]>([
    ['401', { status: 401 }],
    ['403', { status: 403 }],
    ['404', { status: 404 }],
    ['429', { status: 429 }],
    ['501', { status: 501 }],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }],
    ['500 with an unreadable Retry-After', { status: 500, headers: { 'retry-after': 'later' } }],
    ['a page', { body: html, headers: page }],
    ['garbage', { body: 'garbage' }],
  ])('is not made after %s', async (_name, reply) => {
    await load(reply, right);
    expect(crm.received).toHaveLength(1);
    expect(crm.pauses).toEqual([]);
  });

  it('is made when nobody listens, too', async () => {
    crm.answer();
    const nobody = crm.client('encharge', { baseUrl: 'http://127.0.0.1:1/' });
    await expect(nobody.load('c1')).rejects.toThrow(
      expect.objectContaining({
        code: 'crm_unavailable',
        cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
      }),
    );
    expect(crm.calls).toEqual([{ template: 'people' }, { template: 'people' }]);
  });
});
