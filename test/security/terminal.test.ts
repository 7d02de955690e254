import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { printableJson } from '../../lib/commands/support/terminal.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { newEmail } from '../contract/contacts.ts';
import { type CliStack, jsonLines, startCliStack } from '../support/cli-stack.ts';
import { putText, webhookJob } from '../support/dead-letters.ts';
import { webhook } from '../support/webhook.ts';

/** Clears the screen, renames the window, colours, moves back, deletes, and turns the line round: in 7 and 8 bits. */
const hostile =
  'x\u001b[2J\u001b]0;owned\u0007\u009b31m\u009d52;c;b3duZWQ=\u009c\rfake\b\u007f\u202Etxt.exe\u2066\u200B\uFEFF\u{E0041}';
/** Everything that a terminal might obey, and what nobody sees. A line break ends a line, and ZWJ joins emoji. */
const dangerous = /(?!\n)[\p{Cc}\p{Cf}]/u;

let cli: CliStack;
let id: string;
let userId: string;
beforeAll(async () => {
  cli = await startCliStack({ config: withoutPasswords });
  id = `${hostile} ${randomUUID()}`;
  const { encharge } = cli.test;
  const names = { firstName: hostile, lastName: `${hostile}\nadmin  password set`, city: hostile };
  encharge.people.put({ id, email: newEmail(), fields: names, tags: [hostile, 'plain'] });
  const answer = await webhook(cli.test, 'encharge', 'add', id);
  userId = answer.body.data.user_id;
  const job = webhookJob({ id: `job ${hostile}`, connection: hostile, requestId: hostile, contactId: id });
  const line = { message: hostile, timestamp: new Date().toISOString(), request_id: hostile };
  await writeFile(join(cli.folder, 'no.log'), `${JSON.stringify(line)}\n`);
  // As the function writes it: SQS does not take every character.
  const body = printableJson(JSON.stringify(job));
  await putText(cli.test.stack.services.sqs, cli.test.stack.deadLetterUrl, body, 'group');
});
afterAll(() => cli.stop());

/** Every command that shows what people and CRMs typed, without and with `--json`. */
const commands: [string, () => string[]][] = [
  ['user get', () => ['user', 'get', '--contact', id, '--connection', 'encharge']],
  ['user list', () => ['user', 'list', '--tag', 'plain']],
  ['user export', () => ['user', 'export', '--id', userId]],
  ['dlq list', () => ['dlq', 'list']],
  ['logs', () => ['logs']],
  ['send', () => ['send', 'encharge', '--contact', id, '--action', 'update']],
];
const run = (more: string[]) =>
  Promise.all(commands.map(async ([name, args]) => ({ name, ...(await cli.local([...args(), ...more])) })));

it('what people and CRMs typed is shown, and does nothing to the terminal', async () => {
  for (const { name, code, out, err } of await run([])) {
    expect([name, code, err.match(dangerous), out.match(dangerous)]).toEqual([name, 0, null, null]);
    expect(out).toContain(name === 'user export' ? '\\u001b[2J' : '[2J');
    // A row stays one row.
    expect(out.split('\n').filter((line) => /^(admin|fake)/.test(line))).toEqual([]);
  }
});

it('as JSON too, whose values stay what they are', async () => {
  const values = new Map<string, unknown>();
  for (const { name, code, out, err } of await run(['--json'])) {
    expect([name, code, err.match(dangerous), out.match(dangerous)]).toEqual([name, 0, null, null]);
    values.set(name, jsonLines(out));
  }
  const user = { id: userId, contacts: { encharge: id }, fields: { first_name: hostile, city: hostile } };
  expect(values.get('user get')).toMatchObject([user]);
  expect(values.get('user list')).toMatchObject([user]);
  expect(values.get('user export')).toMatchObject([{ items: { 0: user } }]);
  expect(values.get('dlq list')).toMatchObject([{ connection: hostile, request_id: hostile }]);
  expect(values.get('logs')).toMatchObject([{ message: hostile, request_id: hostile }]);
  expect(values.get('send')).toMatchObject([{ data: { contact_id: id } }]);
});

it.each([
  ['"\\u001b"', '"\\u001b"'],
  ['"\u009b"', '"\\u009b"'],
  ['"\u202e"', '"\\u202e"'],
  ['"\u{E0041}"', '"\\udb40\\udc41"'],
  ['{\r\n\t"a": 1\n}', '{\r\n\t"a": 1\n}'],
  ['"é👍"', '"é👍"'],
])('%j is printed as %j', (json, printed) => {
  expect(printableJson(json)).toBe(printed);
  expect(JSON.parse(printed)).toEqual(JSON.parse(json));
});
