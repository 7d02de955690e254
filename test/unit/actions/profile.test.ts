import { describe, expect, it } from '@jest/globals';
import { profileOf } from '../../../functions/actions/profile.ts';
import { type Contact, type FieldMap, mapped } from '../../../functions/crm/connector.ts';

const contact = (fields: Record<string, unknown>, tags: string[] = []): Contact => ({
  id: 'c1',
  email: undefined,
  fields: new Map(Object.entries(fields)),
  tags,
});
const basic: FieldMap = { user_email: mapped('email') };

describe('a contact becomes a profile', () => {
  it('by the field map, and nothing else of it', () => {
    const given = contact(
      { email: ' Ada@example.com ', login: 'ada', pass: 'p w ', group: 'Customer', vip: 'yes', other: 'x' },
      ['a', 'b'],
    );
    const map: FieldMap = {
      ...basic,
      user_login: mapped('login'),
      user_pass: mapped('pass'),
      role: mapped('group'),
      vip: mapped('vip', 'checkbox'),
      absent: mapped('absent'),
    };
    expect(profileOf(given, map)).toEqual({
      email: 'Ada@example.com',
      login: 'ada',
      password: 'p w ',
      role: 'Customer',
      fields: { vip: true },
      tags: ['a', 'b'],
      warnings: [],
    });
  });

  it.each<[value: unknown, fields: object, clearWhenEmpty: boolean]>([
    [null, {}, false],
    ['', {}, false],
    [null, { note: undefined }, true],
    [' ', { note: undefined }, true],
    ['x', { note: 'x' }, true],
  ])('an empty value: %j gives %j', (value, fields, clearWhenEmpty) => {
    const profile = profileOf(contact({ note: value }), {
      ...basic,
      note: { ...mapped('note'), clearWhenEmpty },
    });
    expect(profile.fields).toStrictEqual(fields);
  });

  it('never clears what a user cannot do without', () => {
    const cleared = (field: string) => ({ ...mapped(field), clearWhenEmpty: true });
    const map = {
      user_email: cleared('email'),
      user_login: cleared('login'),
      user_pass: cleared('p'),
      role: cleared('r'),
    };
    expect(profileOf(contact({ email: '', login: '', p: '', r: '' }), map)).toMatchObject({
      email: undefined,
      login: undefined,
      password: undefined,
      role: undefined,
      fields: {},
      warnings: [],
    });
  });

  it('is warned of values that do not convert, by their local names', () => {
    const map = { ...basic, birthday: mapped('b', 'date'), vip: mapped('v', 'checkbox') };
    const profile = profileOf(contact({ email: 'ada@example.com', b: '1.2.1990', v: 'perhaps' }), map);
    expect(profile).toMatchObject({ fields: {}, warnings: ['field_invalid:birthday', 'field_invalid:vip'] });
  });

  it.each([['ada'], [7], ['ada@example.com, eve@example.com']])('%j is no address', (email) => {
    expect(profileOf(contact({ email }), basic)).toMatchObject({
      email: undefined,
      warnings: ['field_invalid:user_email'],
    });
  });

  it.each([
    ['l'.repeat(254), true],
    ['l'.repeat(255), false],
    ['\uFDFA'.repeat(20), false],
    ['Zoë #1/👍', true],
    ['two\nlines', false],
    ['bell\u0007', false],
    ['two\u2028lines', false],
    ['\u202Enimda', false],
    ['ada\u200E', false],
    ['a\u2066b\u2069', false],
    ['אדה', true],
  ])('the username %j is right: %s', (login, isRight) => {
    expect(profileOf(contact({ login }), { ...basic, user_login: mapped('login') })).toMatchObject({
      login: isRight ? login : undefined,
      warnings: isRight ? [] : ['field_invalid:user_login'],
    });
  });

  it.each([
    ['  padded  ', '  padded  '],
    ['tab\t', 'tab\t'],
    [12345678, '12345678'],
  ])('the password %j is taken as it is', (pass, password) => {
    expect(profileOf(contact({ pass }), { ...basic, user_pass: mapped('pass') })).toMatchObject({
      password,
      warnings: [],
    });
  });

  it.each([[['secret']], [['a', 'b']], [true], [{ a: 1 }], ['x'.repeat(16_385)]])(
    '%j is no password and no username',
    (value) => {
      const map = { ...basic, user_pass: mapped('field'), user_login: mapped('field') };
      const profile = profileOf(contact({ field: value }), map);
      expect(profile).toMatchObject({ warnings: ['field_invalid:user_pass', 'field_invalid:user_login'] });
      expect([profile.password, profile.login]).toEqual([undefined, undefined]);
    },
  );

  it.each([[null], [''], ['   '], [[]]])('%j is no password, without a warning', (pass) => {
    const profile = profileOf(contact({ pass }), { ...basic, user_pass: mapped('pass') });
    expect([profile.password, profile.warnings]).toEqual([undefined, []]);
  });

  it('has texts where only texts make sense, whatever type is configured', () => {
    const map = { ...basic, user_login: mapped('login', 'multiselect'), role: mapped('role', 'raw') };
    expect(profileOf(contact({ login: 'a,b', role: 7 }), map)).toMatchObject({ login: 'a,b', role: '7' });
  });

  it('may name a field as an object’s own', () => {
    const fields = new Map<string, unknown>([['__proto__', 'x']]);
    const map: FieldMap = { ...basic, constructor: mapped('__proto__') };
    expect(Object.entries(profileOf({ id: 'c1', email: undefined, fields, tags: [] }, map).fields)).toEqual([
      ['constructor', 'x'],
    ]);
  });
});
