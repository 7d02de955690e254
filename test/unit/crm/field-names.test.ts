import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CrmServer, type Reply, startCrmServer } from './crm-server.ts';

let crm: CrmServer;
beforeAll(async () => {
  crm = await startCrmServer();
});
afterAll(() => crm.stop());

const page = (name: string, next: string | null): Reply => ({
  body: { next, results: [{ name_std: name }] },
});

async function fieldNames(...replies: Reply[]): Promise<unknown> {
  crm.answer(...replies);
  return crm
    .client('userengage')
    .fieldNames()
    .catch((error: unknown) => error);
}

describe('the field names of an account', () => {
  it('are read page by page', async () => {
    const names = await fieldNames(page('first', 'https://acme.user.com/x'), page('second', null));
    expect([...(names as Set<string>)]).toEqual(expect.arrayContaining(['email', 'first', 'second']));
    expect(crm.received.map(({ url }) => url)).toEqual([
      '/api/attributes/?page=1',
      '/api/attributes/?page=2',
    ]);
  });

  it('end, even if the CRM says that there are always more', async () => {
    await fieldNames(page('same', 'https://acme.user.com/x'));
    expect(crm.received).toHaveLength(50);
  });

  it.each<[name: string, replies: Reply[], code: string]>([
    ['401', [{ status: 401 }], 'crm_credentials_rejected'],
    ['another shape', [{ body: {} }], 'crm_answer_invalid'],
    ['one page of two', [page('first', 'https://acme.user.com/x'), { status: 503 }], 'crm_unavailable'],
  ])('are not known after %s', async (_name, replies, code) => {
    expect(await fieldNames(...replies)).toMatchObject({ code });
  });
});
