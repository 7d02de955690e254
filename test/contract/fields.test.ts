import { describe, expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withConnections } from './configs.ts';
import { type ContactDraft, changeContact, existingUser, newContact, newUser } from './contacts.ts';

const mapped = (field: string, type: 'text' | 'number' | 'multiselect') => ({
  field,
  type,
  clearWhenEmpty: true,
});
// Second local keys for CRM fields that are mapped already: what clears one leaves the other.
useTestStack({
  config: withConnections(({ returnPassword: _none, ...connection }) => ({
    ...connection,
    fields: {
      ...connection.fields,
      cleared_phone: mapped(connection.crm === 'encharge' ? 'phone' : 'phone_number', 'text'),
      cleared_score: mapped('score', 'number'),
      cleared_interests: mapped('interests', 'multiselect'),
    },
  })),
});

const full: ContactDraft = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+44 555 0100',
  city: 'London',
  custom: {
    birthday: '1815-12-10',
    vip: true,
    score: 98.6,
    orders: 42,
    interests: ['mathematics', 'engines'],
    last_seen: '2026-03-14T15:09:26.535Z',
  },
};

const stored: Record<string, unknown> = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  display_name: 'Ada Lovelace',
  phone: '+44 555 0100',
  city: 'London',
  ...full.custom,
};

describe('fields', () => {
  it('are stored under their local keys, in the types of the field map', async () => {
    const { user } = await newUser(test, crm, full);
    expect(user.fields).toMatchObject(stored);
  });

  it('are read from the texts that marketers type', async () => {
    const { user } = await newUser(test, crm, {
      ...full,
      custom: {
        birthday: '1815-12-10T00:00:00Z',
        vip: 'Yes',
        score: '98.6',
        orders: ' 42 ',
        interests: 'mathematics, engines,, mathematics',
        last_seen: '2026-03-14 16:09:26.535+01:00',
      },
    });
    expect(user.fields).toMatchObject(stored);
  });

  it('false and 0 are values, and overwrite', async () => {
    const { id } = await newUser(test, crm, full);
    changeContact(test, crm, id, { custom: { vip: false, score: 0, orders: 0 } });
    expect((await webhook(test, crm, 'update', id)).body.data).toMatchObject({
      result: 'updated',
      warnings: [],
    });
    const { fields } = await existingUser(test, crm, id);
    expect(fields).toMatchObject({ ...stored, vip: false, score: 0, orders: 0, cleared_score: 0 });
  });

  const empties = [
    ['null', null],
    ['an empty text', ''],
    ['blanks', ' \t '],
  ] as const;

  it.each(empties)('that are empty never overwrite: %s', async (_name, empty) => {
    const { id } = await newUser(test, crm, full);
    const custom = Object.fromEntries(Object.keys(full.custom ?? {}).map((name) => [name, empty]));
    changeContact(test, crm, id, { firstName: '', lastName: '', phone: empty, city: empty, custom });
    for (const action of ['update', 'add'])
      expect((await webhook(test, crm, action, id)).body.data.warnings).toEqual([]);
    expect((await existingUser(test, crm, id)).fields).toMatchObject(stored);
  });

  it.each([['an empty list', []]])('that are empty never overwrite: %s', async (_name, interests) => {
    const { id } = await newUser(test, crm, full);
    changeContact(test, crm, id, { custom: { interests } });
    await webhook(test, crm, 'update', id);
    expect((await existingUser(test, crm, id)).fields).toMatchObject(stored);
  });

  it('that are absent never overwrite', async () => {
    const { id, user } = await newUser(test, crm, full);
    // UserEngage has a standard field `score` as well, which is never absent.
    const fields = {};
    test[crm].people.put({ id, email: user.email, fields });
    await webhook(test, crm, 'update', id);
    expect((await existingUser(test, crm, id)).fields).toMatchObject(stored);
  });

  it.each(empties)('with clearWhenEmpty are removed by an empty one: %s', async (_name, empty) => {
    const { id, user } = await newUser(test, crm, full);
    expect(user.fields).toMatchObject({ cleared_phone: stored['phone'], cleared_score: 98.6 });
    changeContact(test, crm, id, { phone: empty, custom: { score: empty, interests: [] } });
    expect((await webhook(test, crm, 'update', id)).body.data).toMatchObject({
      result: 'updated',
      warnings: [],
    });
    const { fields } = await existingUser(test, crm, id);
    expect(Object.keys(fields).filter((key) => key.startsWith('cleared_'))).toEqual([]);
    expect(fields).toMatchObject(stored);
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('unchanged');
  });
});

describe('a value that does not convert', () => {
  const values = [
    ['birthday', 'someday'],
    ['orders', 1.5],
  ] as const;

  it.each(values)('leaves the stored one, with a warning that names the field: %s %j', async (key, value) => {
    const { id } = await newUser(test, crm, full);
    changeContact(test, crm, id, { city: 'Paris', custom: { [key]: value } });
    const answer = await webhook(test, crm, 'update', id);
    expect(answer.status).toBe(200);
    expect(answer.body.data.result).toBe('updated');
    expect(answer.body.data.warnings).toContain(`field_invalid:${key}`);
    expect(answer.text).not.toContain(String(value));
    expect((await existingUser(test, crm, id)).fields).toMatchObject({ ...stored, city: 'Paris' });
  });

  it('is left out of a new user, with the same warning', async () => {
    const id = newContact(test, crm, { ...full, custom: { ...full.custom, birthday: 'someday' } });
    const answer = await webhook(test, crm, 'add', id);
    expect(answer.body.data).toMatchObject({ result: 'created', warnings: ['field_invalid:birthday'] });
    const { ['birthday']: _birthday, ...rest } = stored;
    const { fields } = await existingUser(test, crm, id);
    expect(fields).toMatchObject(rest);
    expect(fields).not.toHaveProperty('birthday');
  });

  it('never clears, not even with clearWhenEmpty', async () => {
    const { id } = await newUser(test, crm, full);
    changeContact(test, crm, id, { custom: { score: 'many' } });
    const answer = await webhook(test, crm, 'update', id);
    expect(answer.body.data.warnings.sort()).toEqual(['field_invalid:cleared_score', 'field_invalid:score']);
    expect((await existingUser(test, crm, id)).fields).toMatchObject({ score: 98.6, cleared_score: 98.6 });
  });
});
