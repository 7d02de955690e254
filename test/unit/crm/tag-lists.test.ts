import { describe, expect, it } from '@jest/globals';
import { ContactNotFound } from '../../../functions/crm/crm-errors.ts';
import { hubspotLists } from '../../../functions/crm/lists/hubspot.ts';
import { mailchimpLists } from '../../../functions/crm/lists/mailchimp.ts';
import { pipedriveLists } from '../../../functions/crm/lists/pipedrive.ts';
import { line, talk } from '../../connectors/talk.ts';

const key = 'ab'.repeat(20);
const person = (id: number, chosen: unknown) => ({ id, emails: [], custom_fields: { [key]: chosen } });
const options = (...labels: string[]) => labels.map((label, id) => ({ id, label }));
const property = {
  name: 'interests',
  options: [
    { value: 'red', label: 'Red' },
    { value: 'blue', label: 'Blue' },
  ],
};
const contact = (id: string, interests: string | null) => ({ id, properties: { email: null, interests } });

describe('tags that are the options of a field', () => {
  it('of Pipedrive are compared by their labels', () => {
    const asked = talk(pipedriveLists(key).tag?.('Customer') as never, [
      { data: [{ field_code: 'name', options: null }], additional_data: { next_cursor: 'c' } },
      { data: [{ field_code: key, options: options('Customer', 'Other') }] },
      {
        data: [
          person(1, options('Customer', 'Other')),
          person(2, options('Customer')[0]),
          person(3, options('Other')),
          person(4, null),
        ],
      },
    ]);
    expect(asked.requests.map(line)).toEqual([
      'GET personFields?limit=500',
      'GET personFields?limit=500&cursor=c',
      `GET persons?sort_by=id&sort_direction=asc&custom_fields=${key}&include_option_labels=true&limit=500`,
    ]);
    const isOther = { email: undefined, isOther: true };
    expect(asked.result).toMatchObject({
      contacts: [
        { id: '1', email: undefined },
        { id: '2', email: undefined },
        { id: '3', ...isOther },
        { id: '4', ...isOther },
      ],
    });
  });

  it('of HubSpot are compared by their values', () => {
    const asked = talk(hubspotLists('interests').tag?.('red') as never, [
      property,
      { results: [contact('1', 'blue;red'), contact('2', 'blue'), contact('3', null)] },
    ]);
    expect(asked.requests.map(line)).toEqual([
      'GET crm/v3/properties/contacts/interests',
      'GET crm/v3/objects/contacts?limit=100&properties=email&properties=interests',
    ]);
    expect(asked.result).toMatchObject({
      contacts: [{ id: '1' }, { id: '2', isOther: true }, { id: '3', isOther: true }],
    });
  });

  it.each([
    ['HubSpot', hubspotLists('interests'), property, ['red', 'blue']],
    [
      'Pipedrive',
      pipedriveLists(key),
      { data: [{ field_code: key, options: options('A', 'B') }] },
      ['A', 'B'],
    ],
    [
      'Pipedrive, where they are labels',
      pipedriveLists('labels'),
      { data: [{ field_code: 'label_ids', options: options('A') }] },
      ['A'],
    ],
  ])('of %s are named when one is asked for that is none', (_name, lists, answer, names) => {
    expect(talk(lists.tag?.('no such') as never, [answer, answer]).result).toEqual({ names });
  });

  it.each([
    [
      'HubSpot',
      hubspotLists('interests'),
      { name: 'interests', options: [] },
      { results: [contact('1', 'any')] },
    ],
    ['Pipedrive', pipedriveLists(key), { data: [] }, { data: [person(1, options('any'))] }],
  ])('of %s are compared where it does not say which there are', (_name, lists, none, page) => {
    expect(talk(lists.tag?.('any') as never, [none, page]).result).toEqual({
      contacts: [{ id: '1', email: undefined }],
      next: undefined,
    });
  });
});

it('a member of a Mailchimp segment who has gone since is left out, and the page goes on', () => {
  const hash = (two: string) => two.repeat(16);
  const asked = talk(mailchimpLists.tag?.('customer') as never, [
    { segments: [{ id: 3, name: 'customer' }], total_items: 1 },
    { members: [{ id: hash('ab') }, { id: hash('cd') }] },
    new ContactNotFound(),
    { contact_id: hash('ef') },
  ]);
  expect(asked.result).toMatchObject({
    contacts: [
      { id: hash('ab'), isOther: true },
      { id: hash('ef'), email: undefined },
    ],
    next: '1',
  });
});
