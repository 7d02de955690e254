import { describe, expect, it } from '@jest/globals';
import { defineConfig } from '../../../functions/config/define-config.ts';
import { pageTexts, siteErrorTexts } from '../../../functions/config/site-texts.ts';
import { encharge } from '../../../functions/crm/connectors/encharge.ts';
import { movedTemplates } from '../../../functions/mail/moved-templates.ts';
import { changedTemplates, linkTemplates } from '../../../functions/mail/password-templates.ts';
import { defaultTemplates } from '../../../functions/mail/welcome-templates.ts';
import example from '../../../usher.config.ts';
import { exampleInput } from '../example-config.ts';
import { type Changed, problemsOf } from './config-problems.ts';

describe('a configuration', () => {
  it('is complete with the defaults', () => {
    expect(defineConfig(exampleInput())).toEqual({
      site: {
        name: 'Example Site',
        url: 'https://www.example.com',
        setPasswordUrl: 'https://www.example.com/set-password',
        language: 'en',
        accentColor: '#1f5fd6',
        passwords: { minLength: 12 },
        texts: pageTexts.parse({}),
        errors: siteErrorTexts.parse({}),
      },
      roles: { default: 'subscriber', list: [{ slug: 'subscriber', name: 'Subscriber', privileged: false }] },
      mail: {
        from: 'hello@example.com',
        welcome: 'when_asked',
        templates: defaultTemplates,
        tellMoved: true,
        movedTemplates,
        linkTemplates,
        changedTemplates,
      },
      responseBudgetMs: 4000,
      connections: {
        encharge: {
          crm: 'encharge',
          fields: encharge.defaultFields,
          linkByEmail: true,
          settings: {},
        },
      },
      formerConnections: [],
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

  const site = { name: 'Example', url: 'https://www.example.com' };
  it.each([
    ['an accent colour that white cannot be read on', { accentColor: '#3b82f6' }, 'accentColor'],
    ['a colour by its name', { accentColor: 'navy' }, 'accentColor'],
    ['a colour in short', { accentColor: '#007' }, 'accentColor'],
    ['no language', { language: 'german, please' }, 'language'],
    ['too short passwords', { passwords: { minLength: 7 } }, 'passwords.minLength'],
    ['too long passwords', { passwords: { minLength: 65 } }, 'passwords.minLength'],
    ['an unknown text', { texts: { hello: 'x' } }, 'texts'],
    ['an empty text', { texts: { sendLink: '' } }, 'texts.sendLink'],
    ['an open text', { errors: { invalid_login: '{{x' } }, 'errors.invalid_login'],
    ['a page of another scheme', { loginUrl: 'javascript:alert(1)' }, 'loginUrl'],
  ])('of a site has %s', (_name, change, place) => {
    expect(problemsOf({ site: { ...site, ...change } })).toEqual([
      expect.stringMatching(new RegExp(`^site\\.${place}: `)),
    ]);
  });

  it.each(['#1f5fd6', '#000000', '#767676'])('of a site takes the colour %s', (accentColor) => {
    expect(problemsOf({ site: { ...site, accentColor } })).toEqual([]);
  });

  it.each<[name: string, change: Changed, problem: RegExp]>([
    ['an unknown option', { colour: 'red' }, /^\(top\): Unrecognized key: "colour"$/],
    [
      'an option of another place',
      { mail: { from: 'a@example.com', name: 'x' } },
      /^mail: Unrecognized key: "name"$/,
    ],
    ['a missing part', { mail: undefined }, /^mail: /],
    ['too little time', { responseBudgetMs: 999 }, /^responseBudgetMs: /],
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

  it.each([
    ['https://example.com/#/set-password', /fragment/],
    ['https://example.com/set#form', /fragment/],
    ['https://example.com/set#', /fragment/],
    ['https://example.com/set?user=x', /user or key/],
    ['https://example.com/set?a=1&key', /user or key/],
    ['https://example.com/set?%75ser=x', /user or key/],
    ['https://ada@example.com/set', /username or a password/],
    ['https://ada:secret@example.com/set', /username or a password/],
  ])('has no page for passwords at %s: links to it would be wrong', (setPasswordUrl, problem) => {
    expect(problemsOf({ site: { ...site, setPasswordUrl } })).toEqual([
      expect.stringMatching(/^site\.setPasswordUrl: must not /),
    ]);
    expect(problemsOf({ site: { ...site, setPasswordUrl } })[0]).toMatch(problem);
  });

  it.each(['https://www.example.com', 'http://localhost:3000/a?b=c#d', 'https://münchen.example'])(
    '%s',
    (url) => {
      expect(problemsOf({ site: { ...site, url, setPasswordUrl: url.replace('#d', '') } })).toEqual([]);
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
