import { describe, expect, it } from '@jest/globals';
import { type ConfigInput, defineConfig } from '../../../functions/config/define-config.ts';
import { encharge } from '../../../functions/crm/connectors/encharge.ts';
import { exampleInput } from '../example-config.ts';
import { problemsOf, problemsOfConnection } from './config-problems.ts';

describe('a connection', () => {
  it.each(['a', 'encharge-2', 'nones', 'x'.repeat(40)])('may be called %s', (name) => {
    expect(problemsOf({ connections: { [name]: { crm: 'encharge' } } })).toEqual([]);
  });
  it.each(['', '1st', 'Main', 'a b', 'a#b', 'a/b', 'a_b', '-a', 'é', 'x'.repeat(41), 'none', 'constructor'])(
    'may not be called %j',
    (name) => {
      expect(problemsOf({ connections: { [name]: { crm: 'encharge' } } })).toEqual([
        `connections.${name}: the name must begin with a letter and have lower-case letters, digits and -, at most 40; not constructor or none`,
      ]);
    },
  );

  it.each<[name: string, connection: unknown, problem: RegExp]>([
    ['no CRM', {}, /^connections\.main\.crm: Invalid option: expected one of .*"encharge"/],
    ['an unknown CRM', { crm: 'nonesuch' }, /^connections\.main\.crm: /],
    ['an inherited CRM', { crm: 'constructor' }, /^connections\.main\.crm: /],
    ['a secret', { crm: 'encharge', apiToken: 'x' }, /^connections\.main: Unrecognized key: "apiToken"$/],
    [
      'another CRM’s setting',
      { crm: 'encharge', account: 'acme' },
      /^connections\.main: Unrecognized key: "account"$/,
    ],
    ['a setting too little', { crm: 'userengage' }, /^connections\.main\.account: /],
    [
      'no field for the password',
      { crm: 'encharge', returnPassword: { field: '' } },
      /^connections\.main\.returnPassword\.field: /,
    ],
    [
      'a password in a field that is stored',
      { crm: 'encharge', returnPassword: { field: 'city' } },
      /^connections\.main\.returnPassword\.field: must not be mapped/,
    ],
    [
      'no e-mail address',
      { crm: 'encharge', fields: { user_email: false } },
      /^connections\.main\.fields\.user_email: must be mapped/,
    ],
    ['nothing', null, /^connections\.main: /],
  ])('has %s', (_name, connection, problem) => {
    expect(problemsOfConnection(connection)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('the field map', () => {
  const map = (fields: unknown) =>
    defineConfig({ ...exampleInput(), connections: { main: { crm: 'encharge', fields } } } as ConfigInput)
      .connections['main']?.fields;

  it('adds to the defaults of the CRM, changes and removes them', () => {
    const { phone: _phone, ...defaults } = encharge.defaultFields;
    expect(
      map({
        vip: { field: 'vip', type: 'checkbox', clearWhenEmpty: true },
        first_name: 'givenName',
        phone: false,
      }),
    ).toEqual({
      ...defaults,
      first_name: { field: 'givenName', type: 'text', clearWhenEmpty: false },
      vip: { field: 'vip', type: 'checkbox', clearWhenEmpty: true },
    });
  });

  it.each(['text', 'multiselect', 'raw'])('may give a %s more room', (type) => {
    expect(map({ bio: { field: 'bio', type, maxLength: 307_200 } })).toMatchObject({
      bio: { maxLength: 307_200 },
    });
  });

  it('takes any field name of a CRM', () => {
    expect(map({ a: '__proto__', b: 'Mein Feld #1 👍' })).toMatchObject({
      a: { field: '__proto__' },
      b: { field: 'Mein Feld #1 👍' },
    });
  });

  it.each(['', '1a', 'a b', 'a.b', 'a#b', '_a', 'é', 'x'.repeat(65)])('has no local key %j', (key) => {
    const problems = problemsOfConnection({ crm: 'encharge', fields: Object.fromEntries([[key, 'field']]) });
    expect(problems).toEqual([expect.stringContaining('the name must begin with a letter and have letters')]);
  });

  it.each([
    [true],
    [7],
    [''],
    [null],
    [{}],
    [['x']],
    [{ field: 'x', type: 'int' }],
    [{ field: 'x', clearWhenEmpty: 'yes' }],
  ])('has no field %j', (field) => {
    expect(problemsOfConnection({ crm: 'encharge', fields: { a: field } })).toEqual([
      expect.stringMatching(/^connections\.main\.fields\.a: must be the name of a CRM field/),
    ]);
  });
});

describe('a field with options', () => {
  it.each<[field: object, problem: string]>([
    [{ field: '' }, 'connections.main.fields.a.field: Too small: expected string to have >=1 characters'],
    [{ field: 'x', typ: 'text' }, 'connections.main.fields.a: Unrecognized key: "typ"'],
    [
      { field: 'x', type: 'date', maxLength: 100 },
      'connections.main.fields.a.maxLength: is for text, multiselect and raw: others hold 64 characters',
    ],
    [
      { field: 'x', maxLength: 0 },
      'connections.main.fields.a.maxLength: Too small: expected number to be >=1',
    ],
    [
      { field: 'x', maxLength: 307_201 },
      'connections.main.fields.a.maxLength: Too big: expected number to be <=307200',
    ],
  ])('cannot be %j', (field, problem) => {
    expect(problemsOfConnection({ crm: 'encharge', fields: { a: field } })).toEqual([problem]);
  });
});
