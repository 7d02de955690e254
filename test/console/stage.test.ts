import { randomUUID } from 'node:crypto';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeStack, removeStackFile, writeStackFile } from '../../lib/dev/stack-file.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { cli, useCliStack } from '../support/cli-stack.ts';
import { type OpenedConsole, openConsole, problemsOf } from '../support/console-page.ts';
import {
  asked,
  proxies,
  startConsole,
  startProxies,
  startStageConsole,
  stopConsoles,
} from '../support/console-stage.ts';

useCliStack({ withPoller: false });

let reader: OpenedConsole;
let writer: OpenedConsole;

const ada = 'e0000000-0000-4000-8000-000000000001';

/** A line as the Lambda's logger writes it to the log group. */
function event(line: object, secondsAgo: number) {
  const timestamp = new Date(Date.now() - secondsAgo * 1000).toISOString();
  const message = JSON.stringify({ level: 'INFO', service: 'usher', timestamp, ...line });
  return { eventId: randomUUID(), timestamp: Date.parse(timestamp), message };
}
const webhook = (more: object) => ({
  message: 'webhook',
  action: 'update',
  connection: 'encharge',
  request_id: randomUUID(),
  ms: { crm: 20, store: 5, total: 30 },
  ...more,
});

/** The lines that are shown, without their heading. */
const rowsOf = (page: Page) => page.locator('.all').getByRole('row');

const writing = /^(Put|Update|Delete|Send|Transact|Change|Receive|Create|Purge|BatchWrite)/;

describeWithBrowser('the console over a stage', () => {
  beforeAll(async () => {
    await startProxies();
    cli.stage.account.outputs['DashboardUrl'] = 'https://eu-west-1.console.aws.amazon.com/dashboard';
    cli.stage.account.logEvents.push(
      event(webhook({ result: 'created', contact_id: ada, status: 200 }), 60),
      { ...event({}, 50), message: 'this is no JSON, and nothing is broken by it' },
      event(webhook({ result: 'refused', error_code: 'email_missing', contact_id: ada }), 40),
    );
    reader = await openConsole(await startStageConsole());
  });
  afterEach(() => cli.stage.allowAll());
  afterAll(async () => {
    for (const opened of [reader, writer]) await opened?.context.close();
    await stopConsoles();
  });

  it('shows the lines of the log group, and goes on with new ones', async () => {
    const { page } = reader;
    await rowsOf(page).filter({ hasText: 'email_missing' }).waitFor();
    expect(await rowsOf(page).count()).toBe(2);
    cli.stage.account.logEvents.push(event(webhook({ result: 'deleted', contact_id: ada }), 0));
    await rowsOf(page).filter({ hasText: 'deleted' }).waitFor();
    expect(await page.getByRole('link', { name: 'the stack’s dashboard' }).getAttribute('href')).toContain(
      'https:',
    );
  });

  it('says when credentials have expired or a permission is missing, and goes on by itself', async () => {
    const { page } = reader;
    const problem = page.locator('.problem');
    cli.stage.refuse('FilterLogEvents', 'ExpiredTokenException');
    await problem.getByText('These AWS credentials have expired. Log in again.').waitFor();
    cli.stage.refuse('FilterLogEvents', 'AccessDeniedException');
    await problem.getByText(/may not do this \(FilterLogEvents\)/).waitFor();
    cli.stage.allowAll();
    cli.stage.account.logEvents.push(event(webhook({ result: 'unchanged', contact_id: ada }), 0));
    await rowsOf(page).filter({ hasText: 'unchanged' }).waitFor();
    expect(await problem.textContent()).toBe('');
    expect(await rowsOf(page).filter({ hasText: 'deleted' }).count()).toBe(1);
  });

  it.each([
    ['dynamodb:GetItem', 'dynamodb', '/users', 'Find'],
    ['secretsmanager:GetSecretValue', 'secretsmanager', '/setup', 'Show'],
    ['sqs:GetQueueAttributes', 'sqs', '/again', undefined],
  ])(
    'names a permission that is missing, %s, where it is needed, and goes on with it',
    async (permission, service, path, button) => {
      const { page } = reader;
      proxies[service]?.refuse(permission);
      await page.goto(new URL(path, page.url()).href);
      if (path === '/users') await page.getByLabel('Look for').fill(ada);
      if (button !== undefined) await page.getByRole('button', { name: button }).first().click();
      const told = page.getByText(`may not do this (${permission})`).first();
      await told.waitFor();
      proxies[service]?.refuse(undefined);
      if (button !== undefined) await page.getByRole('button', { name: button }).first().click();
      await told.waitFor({ state: 'detached' });
    },
  );

  it('reads only: every page can be looked at, what writes is refused, and no writing call is made', async () => {
    const { page } = reader;
    const base = new URL(page.url()).origin;
    for (const path of ['/again', '/users', '/mail', '/setup', '/sandbox', '/']) {
      await page.goto(base + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await problemsOf(page)).toEqual([]);
    }
    await rowsOf(page).first().click();
    expect(await page.getByRole('button', { name: /^Replay update/ }).isDisabled()).toBe(true);
    const writes: [method: string, path: string][] = [
      ['POST', 'replays'],
      ['POST', 'replays/some'],
      ['POST', 'dead'],
      ['POST', 'dead/replay'],
      ['POST', 'dead/drop'],
      ['POST', 'slowed/encharge'],
      ['DELETE', 'users/some'],
      ['POST', 'sandbox/encharge/fire'],
      ['PUT', 'sandbox/encharge/control/limits'],
    ];
    for (const [method, path] of writes) {
      const answer = await reader.context.request.fetch(`${base}/api/${path}`, {
        method,
        headers: { 'x-usher-console': 'write' },
        data: {},
      });
      expect([path, answer.status(), await answer.text()]).toEqual([
        path,
        403,
        expect.stringContaining('--write'),
      ]);
    }
    expect((await reader.context.request.get(`${base}/api/doctor`)).status()).toBe(200);
    expect(asked().length).toBeGreaterThan(20);
    expect(asked().filter((action) => writing.test(action))).toEqual([]);
  });

  it('shows and filters 10,000 lines, and a line of a contact of 300 kB', async () => {
    cli.stage.account.logPageSize = 5000;
    const many = Array.from({ length: 9990 }, (_, index) =>
      event(
        webhook({ result: index % 2 ? 'updated' : 'unchanged', contact_id: randomUUID() }),
        1800 - index / 10,
      ),
    );
    const large = event(webhook({ result: 'failed', warnings: ['x'.repeat(300_000)] }), 700);
    cli.stage.account.logEvents.push(...many, large);
    cli.stage.account.logEvents.sort((one, other) => one.timestamp - other.timestamp);
    const opened = await openConsole(await startStageConsole());
    const { page } = opened;
    await page.getByText(/of 999\d lines/).waitFor();
    await page.getByRole('combobox', { name: /^Time/ }).selectOption('15m');
    const recent = Number(await page.locator('.toolbar b').textContent());
    expect(recent).toBeGreaterThan(0);
    expect(recent).toBeLessThan(5000);
    await page.getByRole('combobox', { name: /^Time/ }).selectOption('');
    await page.getByLabel('Search').fill('failed');
    await rowsOf(page).filter({ hasText: 'failed' }).click();
    await page.getByText('The line as it was logged').click();
    expect(await rowsOf(page).count()).toBeLessThan(60);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    await opened.context.close();
  });

  it('over a local stack that is stopped says so, and is back when that is', async () => {
    const port = new URL(cli.test.stack.webhook).port;
    const log = join(cli.folder, 'dev.log');
    const description = describeStack(cli.test.stack, log);
    await removeStackFile(cli.folder, description);
    const opened = await openConsole(await startConsole(['--stack-port', port], process.env));
    const stopped = opened.page.locator('.problem').getByText('No local stack is running');
    await stopped.waitFor();
    await appendFile(log, `${event(webhook({ result: 'created' }), 0).message}\n`);
    await writeStackFile(cli.folder, description);
    await rowsOf(opened.page).filter({ hasText: 'created' }).waitFor();
    await stopped.waitFor({ state: 'detached' });
    // One that was killed has left its log behind; another one has taken its place.
    const next = describeStack(cli.test.stack, join(cli.folder, 'next.log'));
    await writeFile(next.log, `${event(webhook({ result: 'deleted' }), 0).message}\n`);
    await writeStackFile(cli.folder, next);
    await rowsOf(opened.page).filter({ hasText: 'deleted' }).waitFor();
    await removeStackFile(cli.folder, next);
    await stopped.waitFor();
    await rm(log);
    await opened.context.close();
  });

  it('with --write it goes on with a replay that a killed console has left, where that was', async () => {
    writer = await openConsole(await startStageConsole('--write'));
    const { page } = writer;
    const id = randomUUID();
    const contacts = [ada, randomUUID()].map((contactId) => ({
      action: 'update',
      connection: 'encharge',
      contactId,
      notify: false,
      receivedAt: new Date().toISOString(),
    }));
    const plan = { id, title: 'stage test', started: new Date().toISOString(), contacts, sent: 0 };
    await writeFile(join(cli.folder, '.usher', `replay-${id}.jsonl`), `${JSON.stringify(plan)}\n\n1\n`);
    await page.goto(new URL('/again', page.url()).href);
    await page.getByText('1 of 2 in the queue').waitFor();
    const sends = () => asked().filter((action) => action.startsWith('SendMessage')).length;
    const before = sends();
    await page.getByRole('button', { name: 'Go on with 1' }).click();
    await page.getByText('2 of 2 in the queue').waitFor();
    expect(sends()).toBe(before + 1);
  });

  it('with --write it replays into the stage’s queue', async () => {
    const { page } = writer;
    await page.goto(new URL('/', page.url()).href);
    await page.getByLabel('Search').fill('email_missing');
    await rowsOf(page).filter({ hasText: 'email_missing' }).click();
    await page.getByRole('button', { name: 'Replay update' }).click();
    await page.getByText('It is in the queue').waitFor();
    await page.goto(new URL('/again', page.url()).href);
    await page.getByText('1 of 1 in the queue').waitFor();
    expect(asked()).toContain('SendMessage');
    for (const contactId of [ada.replace(/1$/, '2'), ada.replace(/1$/, '3')]) {
      const job = { kind: 'webhook', id: randomUUID(), action: 'add', connection: 'encharge', contactId };
      const rest = { sendNotification: false, requestId: 'r', createdAt: new Date().toISOString() };
      await cli.test.stack.services.sqs.send(
        new SendMessageCommand({
          QueueUrl: cli.test.stack.deadLetterUrl,
          MessageBody: JSON.stringify({ ...job, ...rest }),
          MessageGroupId: contactId,
          MessageDeduplicationId: randomUUID(),
        }),
      );
    }
    await page.getByRole('button', { name: 'Show them' }).click();
    const dead = page.getByRole('article').filter({ hasText: '000000000002' });
    await dead.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('1 put back into the queue.').waitFor();
    await dead.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Drop', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drop' }).click();
    await page.getByText('There are none.').waitFor();
  });
});
