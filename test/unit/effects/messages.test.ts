import type { SendEmailCommandInput } from '@aws-sdk/client-ses';
import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../functions/config/config.ts';
import { type ConfigInput, defineConfig } from '../../../functions/config/define-config.ts';
import { setPasswordLink, welcomeMessage } from '../../../functions/effects/messages.ts';
import type { User } from '../../../functions/users/user.ts';
import { exampleInput } from '../example-config.ts';
import { exampleUser } from '../example-user.ts';

const link = 'https://www.example.com/set-password?user=u1&key=k1';

function message(user: Partial<User> = {}, change: Partial<ConfigInput> = {}) {
  return parts(defineConfig(exampleInput(change)), user);
}

function parts(config: Config, user: Partial<User>) {
  const sent: SendEmailCommandInput = welcomeMessage(config, exampleUser(user), link);
  return {
    sent,
    subject: sent.Message?.Subject?.Data ?? '',
    text: sent.Message?.Body?.Text?.Data ?? '',
    html: sent.Message?.Body?.Html?.Data ?? '',
  };
}

describe('the welcome mail', () => {
  it('names the user and carries the link, in both parts', () => {
    const { sent, subject, text, html } = message({ fields: { first_name: 'Ada' } });
    expect(sent).toMatchObject({
      Source: 'hello@example.com',
      Destination: { ToAddresses: ['ada@example.com'] },
    });
    expect(sent).not.toHaveProperty('ReplyToAddresses');
    expect(sent).not.toHaveProperty('ConfigurationSetName');
    expect(subject).toBe('[Example Site] Your account');
    expect(text).toMatch(/^Hello Ada,\n/);
    expect(text).toContain('Your username: ada\n');
    expect(text).toContain(`\n${link}\n`);
    expect(html).toContain('Hello Ada</h1>');
    expect(html).toContain(
      'href="https:&#x2F;&#x2F;www.example.com&#x2F;set-password?user&#x3D;u1&amp;key&#x3D;k1"',
    );
  });

  it('says that every part of it is UTF-8', () => {
    const { Subject, Body } = message().sent.Message ?? {};
    expect([Subject, Body?.Text, Body?.Html].map((part) => part?.Charset)).toEqual(Array(3).fill('UTF-8'));
  });

  it('greets somebody without a name', () => {
    expect(message().text).toMatch(/^Hello,\n/);
    expect(message({ fields: { first_name: ['not a text'] } }).text).toMatch(/^Hello,\n/);
  });

  it('takes sender, reply address and configuration set from the configuration', () => {
    const { sent } = message(
      {},
      {
        mail: {
          from: 'Müller <a@example.com>',
          replyTo: 'Help, Inc. <b@example.com>',
          configurationSet: 'welcome',
        },
      },
    );
    expect(sent).toMatchObject({
      Source: '=?UTF-8?B?TcO8bGxlcg==?= <a@example.com>',
      ReplyToAddresses: ['"Help, Inc." <b@example.com>'],
      ConfigurationSetName: 'welcome',
    });
  });

  it('never mentions a password hash', () => {
    const { sent } = message({ passwordHash: '$argon2id$fake' });
    expect(JSON.stringify(sent)).not.toContain('argon2id');
  });

  it('shows the templates of the operator everything they may name', () => {
    const template =
      '{{site_name}}|{{site_url}}|{{login}}|{{email}}|{{first_name}}|{{last_name}}|{{display_name}}|{{link}}|{{valid_hours}}';
    const { subject, text } = message(
      { fields: { first_name: 'Ada', last_name: 'Lovelace', display_name: 'Countess' } },
      { mail: { from: 'a@example.com', templates: { subject: template, text: template } } },
    );
    expect(text).toBe(
      `Example Site|https://www.example.com|ada|ada@example.com|Ada|Lovelace|Countess|${link}|24`,
    );
    expect(subject).toBe(text);
  });
});

describe('what people type about themselves', () => {
  it('is cut when it is long, between characters', () => {
    const { text } = message(
      { fields: { first_name: '👍'.repeat(5000) } },
      { mail: { from: 'a@example.com', templates: { text: '{{first_name}}' } } },
    );
    expect(text).toBe('👍'.repeat(200));
  });
});

describe('the site', () => {
  it('has its name escaped in HTML', () => {
    const site = { ...exampleInput().site, name: 'Tom & <Jerry>' };
    const { subject, text, html } = message({}, { site });
    expect(subject).toBe('[Tom & <Jerry>] Your account');
    expect(text).toContain('an account at Tom & <Jerry>.');
    expect(html).toContain('Tom &amp; &lt;Jerry&gt;');
    expect(html).not.toContain('<Jerry>');
  });

  it('cannot break the subject with its name or template', () => {
    const config = defineConfig(exampleInput());
    const broken = { ...config, site: { ...config.site, name: 'Site\r\nBcc: eve@example.com' } };
    expect(parts(broken, {}).subject).toBe('[Site Bcc: eve@example.com] Your account');
    const templates = { subject: ' Hello\nBcc: eve@example.com\n' };
    expect(message({}, { mail: { from: 'a@example.com', templates } }).subject).toBe(
      'Hello Bcc: eve@example.com',
    );
  });
});

describe('the address', () => {
  it.each([
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
  ])('%s goes out as %s', (email, to) => {
    const { sent, text } = message(
      { email },
      { mail: { from: 'a@example.com', templates: { text: '{{email}}' } } },
    );
    expect(sent.Destination).toEqual({ ToAddresses: [to] });
    expect(text).toBe(email);
  });
});

describe('the link', () => {
  it.each([
    ['https://example.com/set', 'https://example.com/set?user=u%231&key=k-_1'],
    ['https://example.com/set?lang=de', 'https://example.com/set?lang=de&user=u%231&key=k-_1'],
    ['https://example.com/set?', 'https://example.com/set?user=u%231&key=k-_1'],
    ['https://example.com/set?lang=de&', 'https://example.com/set?lang=de&user=u%231&key=k-_1'],
    [
      'https://example.com/a/b/?q=a%20b+c&flag&list[]=1&user_id=x',
      'https://example.com/a/b/?q=a%20b+c&flag&list[]=1&user_id=x&user=u%231&key=k-_1',
    ],
    [
      'https://example.com/index.php?page=set/password',
      'https://example.com/index.php?page=set/password&user=u%231&key=k-_1',
    ],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example/?user=u%231&key=k-_1'],
  ])('%s', (setPasswordUrl, href) => {
    const config = defineConfig(exampleInput({ site: { ...exampleInput().site, setPasswordUrl } }));
    expect(setPasswordLink(config, 'u#1', 'k-_1')).toBe(href);
  });
});
