import { describe, expect, it } from '@jest/globals';
import type { CrmName } from '../../../functions/crm/registry.ts';
import { crm, type Reply, useCrmServer } from './crm-server.ts';

useCrmServer();

const page = { 'content-type': 'text/html; charset=utf-8' };
const html = '<!DOCTYPE html><html><body>Cannot GET</body></html>';

describe('a request', () => {
  const own = { accept: 'application/json', 'x-encharge-token': 'fake-token' };
  const every = { ...own, 'accept-encoding': 'identity', 'user-agent': 'usher' };
  const person = { body: { users: [{ id: 'c1', tags: null }] } };

  it('is encoded, in bytes, and says what it is', async () => {
    crm.answer(person);
    await crm.client('encharge').loadByEmail('ada+x@example.com');
    await crm.client('encharge').writeField('c1', 'wpPassword', 'é"x');
    const [search, , write] = crm.received;
    expect(search).toMatchObject({
      url: '/api/people?people%5B0%5D%5Bemail%5D=ada%2Bx%40example.com',
      body: '',
    });
    expect(search?.headers).toEqual({ ...every, host: expect.any(String), connection: expect.any(String) });
    expect(write).toMatchObject({ method: 'POST', body: '[{"id":"c1","wpPassword":"é\\"x"}]' });
    expect(write?.headers).toMatchObject({
      ...every,
      'content-type': 'application/json',
      'content-length': '34',
    });
  });
});

describe('a search by e-mail', () => {
  const search = (name: CrmName, ...replies: Reply[]) => {
    crm.answer(...replies);
    return crm.client(name).loadByEmail('Ada@Example.com');
  };
  const fuzzy = [
    { id: 1, email: 'ada@example.com.evil.example', tags: [] },
    { id: 2, email: null, tags: [] },
    { id: 3, email: 'ADA@example.COM', tags: [{ name: 'a' }] },
  ];

  it.each<[name: string, body: unknown, id: string | undefined]>([
    ['one', fuzzy[2], '3'],
    ['a list', fuzzy, '3'],
    ['a page', { count: 3, next: null, results: fuzzy }, '3'],
    ['only like it', fuzzy.slice(0, 2), undefined],
    ['nobody', [], undefined],
    ['an empty page', { results: [] }, undefined],
  ])('takes the same address only: %s', async (_name, body, id) => {
    expect((await search('userengage', { body }))?.id).toBe(id);
  });

  it('finds nobody with 404', async () => {
    expect(await search('userengage', { status: 404, body: { detail: 'Not found.' } })).toBeUndefined();
  });

  it.each<[reply: Reply, code: string]>([
    [{ status: 401 }, 'crm_credentials_rejected'],
    [{ status: 404, body: html, headers: page }, 'crm_answer_invalid'],
    [{ status: 500 }, 'crm_unavailable'],
    [{ body: { detail: 'x' } }, 'crm_answer_invalid'],
  ])('does not take %j for nobody', async (reply, code) => {
    await expect(search('userengage', reply)).rejects.toThrow(expect.objectContaining({ code }));
  });
});

describe('writing a field', () => {
  const write = (...replies: Reply[]) => {
    crm.answer(...replies);
    return crm.client('userengage').writeField('7', 'wp_password', 'fake-password');
  };

  it.each<[status: number, body: unknown]>([
    [200, { id: 7 }],
    [201, ''],
    [204, ''],
    [200, '"done"'],
  ])('is done with %i %j', async (status, body) => {
    await write({ status, body });
    expect(crm.received).toHaveLength(1);
  });

  it('is done with an answer that is not called JSON', async () => {
    await write((response) => void response.writeHead(200).end('done'));
    expect(crm.received).toHaveLength(1);
  });

  it('says that a page came instead of an answer', async () => {
    await expect(write({ body: html })).rejects.toMatchObject({
      message: expect.stringMatching('HTML page'),
    });
  });

  it('is tried again like reading', async () => {
    await write({ status: 502 }, { status: 200 });
    expect(crm.received.map(({ body }) => body)).toEqual(Array(2).fill('{"wp_password":"fake-password"}'));
  });

  it.each<[name: string, reply: Reply, code: string]>([
    ['400', { status: 400, body: { wp_password: ['Attribute does not exist.'] } }, 'crm_write_refused'],
    ['403', { status: 403, body: {} }, 'crm_write_refused'],
    ['405', { status: 405, body: {} }, 'crm_write_refused'],
    ['422', { status: 422, body: {} }, 'crm_write_refused'],
    ['404', { status: 404, body: { detail: 'Not found.' } }, 'contact_not_found'],
    ['404 as a page', { status: 404, body: html, headers: page }, 'crm_write_refused'],
    ['200 as a page', { body: html, headers: page }, 'crm_answer_invalid'],
    ['200 as a page that says it is JSON', { body: html }, 'crm_answer_invalid'],
    ['200, called JSON and none', { body: '{"users":[}' }, 'crm_answer_invalid'],
    ['301', { status: 301, headers: { location: '/' } }, 'crm_answer_invalid'],
    ['401', { status: 401 }, 'crm_credentials_rejected'],
    ['429', { status: 429 }, 'crm_rate_limited'],
    ['500', { status: 500 }, 'crm_unavailable'],
  ])('%s', async (_name, reply, code) => {
    await expect(write(reply)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.not.stringContaining('fake-password') }),
    );
  });
});

describe('testing the credentials', () => {
  const test = (reply: Reply) => {
    crm.answer(reply);
    return crm.client('encharge').testCredentials();
  };

  it('is content with any answer that is no page', async () => {
    await expect(test({ body: { peopleCount: 1 } })).resolves.toBeUndefined();
  });

  it.each<[name: string, reply: Reply, code: string]>([
    ['401', { status: 401 }, 'crm_credentials_rejected'],
    ['404 as a page', { status: 404, body: html, headers: page }, 'crm_answer_invalid'],
    ['500', { status: 500 }, 'crm_unavailable'],
  ])('fails with %s', async (_name, reply, code) => {
    await expect(test(reply)).rejects.toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['a page', { body: html, headers: page }],
    ['a page that says it is JSON', { body: html }],
  ])('fails with %s, and says so', async (_name, reply) => {
    await expect(test(reply)).rejects.toMatchObject({
      code: 'crm_answer_invalid',
      message: expect.stringMatching('HTML page'),
    });
  });
});
