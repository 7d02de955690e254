import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defineConfig } from '../../functions/config/define-config.ts';
import { welcomeMessage } from '../../functions/effects/messages.ts';
import { emailAddress } from '../../functions/mail/email-address.ts';
import { headerMailbox } from '../../functions/mail/mailbox.ts';
import { templateProblem } from '../../functions/mail/template.ts';
import { exampleInput } from '../unit/example-config.ts';
import { exampleUser } from '../unit/example-user.ts';
import { anyText } from './texts.ts';

const config = defineConfig(exampleInput());
const breaksHeaders = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const link = 'https://www.example.com/set-password?user=u1&key=k1';

const someone = fc
  .record({ login: anyText, first_name: anyText, last_name: anyText, display_name: anyText })
  .map(({ login, ...fields }) => exampleUser({ login, fields }));

/** The mail to somebody, from a site of any name, with any subject. */
function mail(user: ReturnType<typeof exampleUser>, name: string, subject: string) {
  const {
    Source = '',
    Destination,
    Message,
  } = welcomeMessage(
    {
      ...config,
      site: { ...config.site, name },
      mail: { ...config.mail, templates: { ...config.mail.templates, subject } },
    },
    user,
    link,
  );
  return {
    headers: [Source, ...(Destination?.ToAddresses ?? []), Message?.Subject?.Data ?? ''],
    text: Message?.Body?.Text?.Data ?? '',
    html: Message?.Body?.Html?.Data ?? '',
  };
}

describe('any welcome mail', () => {
  const subject = fc.oneof(
    anyText.filter((text) => templateProblem(text) === undefined),
    fc.constantFrom(
      '{{site_name}}: {{login}}',
      '{{{first_name}}}\r\n{{&last_name}}',
      '{{#login}}\n{{.}}{{/login}}',
    ),
  );

  it('has headers of one line each', () => {
    fc.assert(
      fc.property(someone, anyText, subject, (user, name, template) => {
        for (const header of mail(user, name, template).headers) expect(header).not.toMatch(breaksHeaders);
      }),
      { numRuns: 500 },
    );
  });

  it('has as many tags in its HTML as without anybody’s names', () => {
    const tags = (html: string) => html.match(/<\/?[a-z!]/gi)?.length;
    const plain = tags(mail(exampleUser({ login: 'x', fields: { first_name: 'x' } }), 'x', 'x').html);
    fc.assert(
      fc.property(someone, anyText, (user, name) => {
        expect(tags(mail(user, name, 'x').html)).toBe(plain);
      }),
      { numRuns: 300 },
    );
  });

  it('has a text whose lines are the template’s', () => {
    const lines = mail(exampleUser({ login: 'x' }), 'x', 'x').text.split('\n').length;
    fc.assert(
      fc.property(someone, (user) => {
        const { text } = mail(user, 'x', 'x');
        expect(text.split(/\r\n|[\n\r\u2028\u2029\u0085]/)).toHaveLength(lines);
        expect(text).toContain(`\n${link}\n`);
      }),
      { numRuns: 300 },
    );
  });
});

it('any sender that is taken is one header with one address', () => {
  const given = fc.tuple(anyText, fc.emailAddress()).map(([name, address]) => `${name} <${address}>`);
  fc.assert(
    fc.property(given, (from) => {
      if (!isTaken(from)) return;
      const header = headerMailbox(from);
      expect(header).toMatch(/^[\x20-\x7E]+$/);
      const [, address] = /^(?:(?:"(?:[^"\\]|\\.)*"|[^"<>,]*) <)?([^<>" ]+)>?$/.exec(header) ?? [];
      expect(emailAddress(address)).toBe(address);
    }),
    { numRuns: 500 },
  );
});

function isTaken(from: string): boolean {
  try {
    defineConfig(exampleInput({ mail: { from } }));
    return true;
  } catch {
    return false;
  }
}
