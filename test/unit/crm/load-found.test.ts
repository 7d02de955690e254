import { describe, expect, it } from '@jest/globals';
import { crm, useCrmServer } from './crm-server.ts';

useCrmServer();

const gone = { status: 404, body: { errors: ['Not Found'] } };
const pagination = { has_next_page: false, end_cursor: null };
const subscriber = (id: number) => ({
  subscriber: { id, email_address: 'ada@example.com', first_name: 'Ada', fields: {} },
});
const tags = { tags: [{ name: 'customer' }], pagination };

describe('a search of ActiveCampaign', () => {
  it('finds whom it says no more of than an id and an address', async () => {
    const email = 'ada@example.com';
    crm.answer(
      { body: { contacts: [{ id: '113', email, firstName: 'Ada' }], meta: { total: '1' } } },
      { body: { contact: { id: '113', email }, fieldValues: [] } },
      { body: { fields: [], meta: { total: '0' } } },
      { body: { contactTags: [], tags: [] } },
    );
    expect(await crm.client('activecampaign').loadByEmail(email)).toMatchObject({ id: '113', tags: [] });
  });
});

describe('whom a search has found', () => {
  it('is loaded, though another one is not there any more', async () => {
    crm.answer(
      { body: { subscribers: [{ id: 7 }, { id: 8 }] } },
      gone,
      { body: subscriber(8) },
      { body: tags },
    );
    expect(await crm.client('kit').loadByEmail('ada@example.com')).toMatchObject({
      id: '8',
      tags: ['customer'],
    });
  });
});
