import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { cli, useCliStack } from '../support/cli-stack.ts';
import { usher } from '../support/usher-process.ts';
import { keyOf } from '../support/webhook.ts';

const ada = 'e0000000-0000-4000-8000-000000000001';
useCliStack();
const run = (...args: string[]) => cli.local(args);

describe('usher send', () => {
  it.each([
    ['encharge', ada],
    ['userengage', '2'],
  ])('posts what %s posts', async (connection, contact) => {
    const { code, out } = await run('send', connection, '--contact', contact, '--action', 'add', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      success: true,
      data: { result: 'created', contact_id: contact },
    });
  });

  it('ends with 1 for a refused webhook, and shows no key', async () => {
    const { code, out, err } = await run('send', 'encharge', '--contact', 'nobody', '--action', 'test');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'contact_not_found' } });
    expect(err).toContain('→ 422');
    expect(err).not.toContain(keyOf(cli.test));
  });

  it('ends with 1 for a contact without a user, which is answered with 200', async () => {
    const { code, out } = await run(
      'send',
      'encharge',
      '--contact',
      'nobody',
      '--action',
      'update',
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ success: false, error: { code: 'user_not_found' } });
  });

  it('posts to any URL with --url and a key from stdin', async () => {
    const { webhook } = cli.test.stack;
    const args = ['send', 'encharge', '--contact', ada, '--action', 'update', '--url', webhook, '--json'];
    const { code, out } = await usher([...args, '--key', '-'], tmpdir(), process.env, `${keyOf(cli.test)}\n`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ data: { result: 'unchanged' } });
    const none = await usher([...args, '--key', '-'], tmpdir(), process.env, '');
    expect(none).toEqual({ code: 1, out: '', err: 'No key was given. Nothing was sent.\n' });
  });

  it.each([
    [['send', 'encharge', '--contact', '1', '--action', 'remove'], 2, 'Allowed choices'],
    [['send', 'encharge'], 2, '--contact'],
    [['send', 'hubspot', '--contact', '1'], 2, 'There is no connection "hubspot"'],
    [['send', 'encharge', '--contact', '1', '--url', 'nowhere', '--key', 'k'], 2, 'Write a URL'],
    [
      ['send', 'encharge', '--contact', '1', '--url', 'http://127.0.0.1:1/', '--key', 'k'],
      1,
      'does not answer',
    ],
  ])('%j ends with %i', async (args, exitCode, message) => {
    const { code, err } = await run(...args);
    expect({ code, err }).toEqual({ code: exitCode, err: expect.stringContaining(message) });
  });
});

describe('usher user', () => {
  it('gets a user by id, address and contact', async () => {
    const byContact = await run('user', 'get', '--contact', ada, '--connection', 'encharge', '--json');
    const user = JSON.parse(byContact.out) as { id: string; email: string };
    expect(user).toMatchObject({
      email: 'ada@example.com',
      tags: ['customer', 'newsletter'],
      role: 'subscriber',
    });
    expect(byContact.out).not.toContain('argon2');
    for (const by of [
      ['--id', user.id],
      ['--email', 'ADA@example.com'],
    ]) {
      const found = JSON.parse((await run('user', 'get', ...by, '--json')).out) as { id: string };
      expect(found.id).toBe(user.id);
    }
    const { out } = await run('user', 'get', '--id', user.id);
    expect(out).toMatch(/^e-mail +ada@example\.com$/m);
  });

  it('lists by tag and all', async () => {
    const tagged = await run('user', 'list', '--tag', 'newsletter', '--json');
    expect(tagged.out.trim().split('\n')).toHaveLength(1);
    const all = await run('user', 'list', '--all');
    expect(all.out.trim().split('\n')).toHaveLength(2);
    expect(all.err).toBe('2 user(s)\n');
    expect((await run('user', 'list', '--tag', 'nobody has this', '--json')).out).toBe('');
  });

  it.each([
    [['user', 'get', '--email', 'nobody@example.com'], 1, 'There is no such user.'],
    [['user', 'get'], 2, 'Say which user'],
    [['user', 'get', '--contact', '7'], 2, '--contact needs --connection'],
    [['user', 'get', '--contact', '7', '--connection', 'enchrge'], 2, 'There is no connection "enchrge"'],
    [['user', 'get', '--id', 'a', '--email', 'b'], 2, 'cannot be used with'],
    [['user', 'list'], 2, 'Say which users'],
  ])('%j ends with %i', async (args, exitCode, message) => {
    const { code, err } = await run(...args);
    expect({ code, err }).toEqual({ code: exitCode, err: expect.stringContaining(message) });
  });

  it('says when no stack is running', async () => {
    const { code, err } = await usher(['user', 'list', '--all', '--port', '9'], cli.folder);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('npm start') });
  });
});

describe('help', () => {
  const commands = [
    '',
    'dev',
    'send',
    'user',
    'user get',
    'user list',
    'user export',
    'user delete',
    'dlq',
    'dlq list',
    'dlq replay',
    'dlq drop',
    'logs',
    'urls',
    'connect',
    'doctor',
    'keys',
    'keys list',
    'keys rotate',
    'keys revoke',
  ];

  it('of every command reads well in 80 columns', async () => {
    const helps = await Promise.all(
      commands.map(async (command) => {
        const { code, out } = await usher([...command.split(' ').filter(Boolean), '--help'], cli.folder);
        const [usage = ''] = out.split('\n');
        return { command, code, usage, tooLong: out.split('\n').filter((line) => line.length > 80) };
      }),
    );
    expect(helps).toEqual(
      commands.map((command) => ({
        command,
        code: 0,
        usage: expect.stringContaining(`Usage: usher ${command}`),
        tooLong: [],
      })),
    );
  });
});
