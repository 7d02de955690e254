import { describe, expect, it } from '@jest/globals';
import { userengage } from '../../../functions/crm/connectors/userengage.ts';
import { talk } from '../../connectors/talk.ts';

const api = userengage.api({ account: 'acme' });

function fieldsOf(user: object) {
  const [contact] = talk(api.load({ id: '7' }, []), [{ id: 7, tags: [], ...user }]).result;
  return Object.fromEntries(contact?.fields ?? []);
}

describe('the one name of UserEngage', () => {
  it.each([
    ['Ada', 'Ada', ''],
    ['Ada Lovelace', 'Ada', 'Lovelace'],
    ['Ada King Lovelace', 'Ada', 'King Lovelace'],
    ['  Ada   King\tLovelace ', 'Ada', 'King Lovelace'],
    ['', '', ''],
    [null, '', ''],
    [undefined, '', ''],
  ])('%j is %j and %j', (name, first, last) => {
    expect(fieldsOf({ name })).toMatchObject({ first_name: first, last_name: last });
  });

  it('does not hide a first and last name that the account has', () => {
    const own = { first_name: 'Augusta', last_name: 'Byron' };
    expect(fieldsOf({ name: 'Ada Lovelace', ...own })).toMatchObject(own);
  });

  it.each([null, '', ' ', []])('is split when the account has both, with %j in them', (empty) => {
    const split = { first_name: 'Ada', last_name: 'Lovelace' };
    const attributes = [{ name: 'Last', name_std: 'last_name', value: empty }];
    expect(fieldsOf({ name: 'Ada Lovelace', first_name: empty, attributes })).toMatchObject(split);
  });

  it('gives one of them when the account has the other', () => {
    expect(fieldsOf({ name: 'Ada Lovelace', first_name: 'Augusta', last_name: null })).toMatchObject({
      first_name: 'Augusta',
      last_name: 'Lovelace',
    });
  });

  it('is no name with more than 16 KB', () => {
    expect(fieldsOf({ name: 'a '.repeat(10_000) })).toMatchObject({ first_name: '', last_name: '' });
  });
});

describe('custom attributes in a list', () => {
  it.each([
    ['have both names', [{ name: 'VIP', name_std: 'vip', value: 1 }], { vip: 1, VIP: 1 }],
    ['may lack one', [{ name: 'VIP', value: 1 }], { VIP: 1 }],
    ['may have a null for one', [{ name: null, name_std: 'vip', value: 1 }], { vip: 1 }],
    [
      'stand in for what is empty',
      [
        { name: 'email', name_std: 'vip', value: null },
        { name: 'vip', name_std: 'VIP', value: 2 },
      ],
      { vip: 2, VIP: 2 },
    ],
    ['hide no field of the user', [{ name: 'email', name_std: 'id', value: 1 }], {}],
    [
      'go by their short names first',
      [
        { name: 'vip', name_std: 'x', value: 1 },
        { name: 'y', name_std: 'vip', value: 2 },
      ],
      { x: 1, vip: 2, y: 2 },
    ],
    ['may be none', [], {}],
    ['may be absent', null, {}],
  ])('%s', (_name, attributes, fields) => {
    const user = { email: 'ada@example.com', name: 'Ada Lovelace' };
    expect(fieldsOf({ ...user, attributes })).toEqual({
      ...user,
      id: 7,
      first_name: 'Ada',
      last_name: 'Lovelace',
      ...fields,
    });
  });
});
