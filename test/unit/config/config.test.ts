import { describe, expect, it } from '@jest/globals';
import { ConfigError, type ConfigInput, defineConfig } from '../../../functions/config/define-config.ts';
import { connectors } from '../../../functions/crm/registry.ts';
import { defaultTemplates } from '../../../functions/effects/welcome-templates.ts';
import example from '../../../usher.config.ts';
import { exampleInput } from '../example-config.ts';

type Changed = Record<string, unknown>;

/** The lines of the error that a change to a right configuration gives; none when it is still right. */
function problemsOf(change: Changed): string[] {
  try {
    defineConfig({ ...exampleInput(), ...change } as ConfigInput);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [head, ...lines] = (error as Error).message.split('\n');
    expect(head).toBe(`usher.config.ts has ${lines.length} problem(s):`);
    return lines.map((line) => line.trim());
  }
}

const problemsOfConnection = (connection: unknown) => problemsOf({ connections: { main: connection } });

describe('a configuration', () => {
  it('is complete with the defaults', () => {
    expect(defineConfig(exampleInput())).toEqual({
      site: {
        name: 'Example Site',
        url: 'https://www.example.com',
        setPasswordUrl: 'https://www.example.com/set-password',
      },
      roles: { default: 'subscriber', list: [{ slug: 'subscriber', name: 'Subscriber', privileged: false }] },
      mail: { from: 'hello@example.com', welcome: 'when_asked', templates: defaultTemplates },
      responseBudgetMs: 4000,
      connections: {
        encharge: { crm: 'encharge', fields: connectors.encharge.defaultFields, settings: {} },
      },
      stages: {},
    });
  });

  it('survives as JSON: that is how it gets into the function', () => {
    expect(JSON.parse(JSON.stringify(example))).toEqual(example);
  });

  it('names everything that is wrong at once, and no value', () => {
    const problems = problemsOf({
      site: { name: 'secret\r\nname', url: 'secret:url', setPasswordUrl: 'secret', sercet: 'secret' },
      roles: { default: 'secret-role', list: [] },
      mail: { from: 'secret@', replyTo: 'secret' },
      responseBudgetMs: 12345678,
      connections: {
        a: { crm: 'encharge', apiToken: 'secret-token' },
        b: { crm: 'userengage', account: 'secret.example.com' },
        c: { crm: 'secret-crm' },
      },
      colour: 'secret',
    });
    expect(problems).toHaveLength(13);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(
      expect.arrayContaining([
        'site.name',
        'site.url',
        'site.setPasswordUrl',
        'site',
        'roles.list',
        'roles',
        'mail.from',
        'mail.replyTo',
        'responseBudgetMs',
        'connections.a',
        'connections.b.account',
        'connections.c.crm',
        '(top)',
      ]),
    );
    expect(problems.join('\n')).not.toMatch(/secret|12345678/);
  });

  it.each<[name: string, change: Changed, problem: RegExp]>([
    ['an unknown option', { colour: 'red' }, /^\(top\): Unrecognized key: "colour"$/],
    [
      'an option of another place',
      { mail: { from: 'a@example.com', name: 'x' } },
      /^mail: Unrecognized key: "name"$/,
    ],
    ['a missing part', { mail: undefined }, /^mail: /],
    ['too little time', { responseBudgetMs: 499 }, /^responseBudgetMs: /],
    ['too much time', { responseBudgetMs: 25_001 }, /^responseBudgetMs: /],
    ['half a millisecond', { responseBudgetMs: 1000.5 }, /^responseBudgetMs: /],
    ['no connection', { connections: {} }, /^connections: at least one connection is needed$/],
    [
      'an open template',
      { mail: { from: 'a@example.com', templates: { subject: '{{login' } } },
      /^mail\.templates\.subject: is not a Mustache template/,
    ],
    [
      'an open section',
      { mail: { from: 'a@example.com', templates: { html: '{{#login}}' } } },
      /^mail\.templates\.html: is not a Mustache template/,
    ],
    [
      'an empty template',
      { mail: { from: 'a@example.com', templates: { text: '' } } },
      /^mail\.templates\.text: /,
    ],
    [
      'an unknown template',
      { mail: { from: 'a@example.com', templates: { txt: 'x' } } },
      /^mail\.templates: /,
    ],
    [
      'another welcome',
      { mail: { from: 'a@example.com', welcome: 'never' } },
      /^mail\.welcome: .*"when_asked"\|"always"/,
    ],
    [
      'an empty configuration set',
      { mail: { from: 'a@example.com', configurationSet: '' } },
      /^mail\.configurationSet: /,
    ],
  ])('has %s', (_name, change, problem) => {
    expect(problemsOf(change)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('the site', () => {
  const { site } = exampleInput();

  it.each(['https://www.example.com', 'http://localhost:3000/a?b=c#d', 'https://münchen.example'])(
    '%s',
    (url) => {
      expect(problemsOf({ site: { ...site, url, setPasswordUrl: url } })).toEqual([]);
    },
  );
  it.each([
    '',
    'www.example.com',
    'javascript:alert(1)',
    'ftp://example.com',
    'data:text/html,x',
    '//example.com',
  ])('has no URL %j', (url) => {
    expect(problemsOf({ site: { ...site, url } })).toEqual(['site.url: must be an http(s) URL']);
    expect(problemsOf({ site: { ...site, setPasswordUrl: url } })).toHaveLength(1);
  });
  it.each(['', 'a\nb', 'a\rBcc: x'])('has no name %j', (name) => {
    expect(problemsOf({ site: { ...site, name } })).toEqual([expect.stringMatching(/^site\.name: /)]);
  });
});

describe('roles', () => {
  const subscriber = { slug: 'subscriber', name: 'Subscriber' };

  it.each<[name: string, roles: unknown, problem: RegExp]>([
    [
      'a default that is not in the list',
      { default: 'customer', list: [subscriber] },
      /the default role must be in the list/,
    ],
    [
      'a default by its name',
      { default: 'Subscriber', list: [subscriber] },
      /the default role must be in the list/,
    ],
    [
      'a privileged default',
      { default: 'subscriber', list: [{ ...subscriber, privileged: true }] },
      /not privileged/,
    ],
    [
      'a slug twice',
      { default: 'subscriber', list: [subscriber, { ...subscriber, name: 'Other' }] },
      /two roles share/,
    ],
    [
      'a name twice',
      { default: 'subscriber', list: [subscriber, { slug: 'other', name: 'SUBSCRIBER' }] },
      /two roles share/,
    ],
    [
      'a slug with capitals',
      { default: 'subscriber', list: [subscriber, { slug: 'Admin', name: 'Admin' }] },
      /^roles\.list\.1\.slug: must be lower-case/,
    ],
    [
      'a slug with a space',
      { default: 'subscriber', list: [subscriber, { slug: 'a b', name: 'Admin' }] },
      /^roles\.list\.1\.slug: must be lower-case/,
    ],
    [
      'no name',
      { default: 'subscriber', list: [subscriber, { slug: 'a', name: '' }] },
      /^roles\.list\.1\.name: /,
    ],
    [
      'an unknown option',
      { default: 'subscriber', list: [{ ...subscriber, admin: true }] },
      /^roles\.list\.0: Unrecognized key/,
    ],
  ])('have %s', (_name, roles, problem) => {
    expect(problemsOf({ roles })).toEqual([expect.stringMatching(problem)]);
  });

  it('may have a name like their slug', () => {
    expect(problemsOf({ roles: { default: 'a', list: [{ slug: 'a', name: 'A' }] } })).toEqual([]);
  });
});

describe('a sender', () => {
  it.each(['a@example.com', 'A <a@example.com>', 'Müller, Söhne <a@example.com>', '<a@example.com>'])(
    '%s',
    (from) => {
      expect(problemsOf({ mail: { from, replyTo: from } })).toEqual([]);
    },
  );
  it.each([
    '',
    'a',
    'A <a>',
    'a@example.com, b@example.com',
    'A <a@example.com> <b@example.com>',
    'A\r\nBcc: b@example.com <a@example.com>',
    'A <a@example.com\r\n>',
    'A <a@example.com',
  ])('not %j', (from) => {
    expect(problemsOf({ mail: { from } })).toEqual([
      "mail.from: must be an address such as 'Example <hello@example.com>'",
    ]);
  });
});

describe('a connection', () => {
  it.each(['a', 'encharge-2', 'x'.repeat(40)])('may be called %s', (name) => {
    expect(problemsOf({ connections: { [name]: { crm: 'encharge' } } })).toEqual([]);
  });
  it.each(['', '1st', 'Main', 'a b', 'a#b', 'a/b', 'a_b', '-a', 'é', 'x'.repeat(41)])(
    'may not be called %j',
    (name) => {
      expect(problemsOf({ connections: { [name]: { crm: 'encharge' } } })).toEqual([
        `connections.${name}: the name must begin with a letter and have lower-case letters, digits and -, at most 40`,
      ]);
    },
  );

  it.each<[name: string, connection: unknown, problem: RegExp]>([
    ['no CRM', {}, /^connections\.main\.crm: Invalid option: expected one of "encharge"\|"userengage"$/],
    ['an unknown CRM', { crm: 'hubspot' }, /^connections\.main\.crm: /],
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
    const { phone: _phone, ...defaults } = connectors.encharge.defaultFields;
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
  ])('cannot be %j', (field, problem) => {
    expect(problemsOfConnection({ crm: 'encharge', fields: { a: field } })).toEqual([problem]);
  });
});

describe('a UserEngage account', () => {
  const baseUrlOf = (account: string) => {
    const { connections } = defineConfig(
      exampleInput({ connections: { main: { crm: 'userengage', account } } }),
    );
    return connectors.userengage.baseUrl(connections['main']?.settings as { account: string });
  };

  it.each([
    ['acme', 'acme.user.com'],
    ['ACME', 'acme.user.com'],
    ['acme-2', 'acme-2.user.com'],
    ['acme.user.com', 'acme.user.com'],
    ['Acme.User.Com', 'acme.user.com'],
    ['app.userengage.com', 'app.userengage.com'],
    ['eu.acme.user.com', 'eu.acme.user.com'],
  ])('%s is at %s', (account, host) => {
    expect(baseUrlOf(account)).toBe(`https://${host}/api/public/`);
  });

  it.each([
    '',
    '.',
    'user.com',
    '.user.com',
    'evil.com',
    'evil.com/.user.com',
    'evil.com#.user.com',
    'evil.com?.user.com',
    'evil.com\\.user.com',
    'evil.com@x.user.com',
    'x@evil.com',
    'user.com.evil.com',
    'evil-user.com',
    'eviluser.com',
    'acme.user.com.',
    'acme.user.com:8080',
    'acme.user.com/api',
    'acme..user.com',
    '-acme',
    'acme-',
    'acme.user.com\n',
    'acme user',
    'acme%2eevil',
    '127.0.0.1',
    'localhost:3000',
    '[::1]',
    '169.254.169.254',
    'https://acme.user.com',
    '\u0430cme',
    'acme\u3002user.com',
    '\uFF41cme',
    'ACME\u0130',
    'a'.repeat(64),
  ])('cannot be %j', (account) => {
    expect(problemsOfConnection({ crm: 'userengage', account })).toEqual([
      'connections.main.account: must be a subdomain of user.com or a host under user.com or userengage.com',
    ]);
  });

  it.each(['localhost', 'internal', 'metadata'])('%s is but a subdomain', (account) => {
    expect(baseUrlOf(account)).toBe(`https://${account}.user.com/api/public/`);
  });
});
