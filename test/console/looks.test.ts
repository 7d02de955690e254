import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeWithBrowser } from '../support/browser.ts';
import { problemsOf } from '../support/console-page.ts';
import { ada, emma, encharge, opened, send, useLocalConsole } from '../support/local-console.ts';

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

/** What somebody does on a page, each of which is looked at. */
const views: Readonly<
  Record<string, readonly (readonly [name: string, open: (page: Page) => Promise<unknown>])[]>
> = {
  '/': [
    ['live', (page) => page.locator('.all').getByRole('row').first().waitFor()],
    ['opened', (page) => page.locator('.all').getByRole('row').first().click()],
    [
      'keys',
      async (page) => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
      },
    ],
    [
      'replay',
      async (page) => {
        await page.keyboard.press('Escape');
        await press(page, 'Replay these');
        await page.getByRole('dialog').waitFor();
      },
    ],
  ],
  '/again': [
    ['again', (page) => page.getByText('Contact by contact').first().click()],
    [
      'drop',
      async (page) => {
        await press(page, 'Drop all');
        await page.getByRole('dialog').waitFor();
      },
    ],
  ],
  '/users': [
    [
      'users',
      async (page) => {
        await page.getByLabel('Look for').fill('ada@example.com');
        await press(page, 'Find');
        await page.getByRole('heading', { name: 'ada@example.com' }).waitFor();
        await page.getByText('Delete this user').click();
      },
    ],
  ],
  '/mail': [['mail', (page) => page.locator('iframe').waitFor()]],
  '/setup': [
    [
      'setup',
      async (page) => {
        await page.getByRole('checkbox', { name: 'nickname' }).check();
        await press(page, 'Look at everything');
        await page.getByText('Encharge accepts the API token').waitFor();
      },
    ],
  ],
  '/sandbox': [['sandbox', (page) => page.getByRole('button', { name: 'Fire the webhook' }).waitFor()]],
};

describeWithBrowser('the console', () => {
  useLocalConsole([], async () => {
    await send('add', ada, { role: 'customer', send_notification: 'true' });
    await fetch(`${encharge().sandbox}/faults`, {
      method: 'POST',
      body: '{"status":429,"retryAfter":"600"}',
    });
    await send('update', emma);
    await fetch(`${encharge().sandbox}/faults`, { method: 'DELETE' });
  });

  it('is something that axe finds nothing wrong with: pages, an opened line and dialogs, narrow and wide, light and dark', async () => {
    const { page, context, errors } = opened;
    await press(page, 'Replay these');
    await press(page, /^Replay \d/);
    await page.getByRole('progressbar').waitFor();
    const problems: unknown[] = [];
    const shots = process.env['SCREENSHOTS'];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        for (const [path, steps] of Object.entries(views)) {
          await page.goto(new URL(path, page.url()).href);
          for (const [view, open] of steps) {
            await open(page);
            const isDialog = await page.locator('dialog[open]').count();
            const found = await problemsOf(page, isDialog ? 'dialog' : undefined);
            problems.push(...found.map((problem) => ({ view, colorScheme, width, ...problem })));
            const name = `console-${view}-${colorScheme}-${width}.png`;
            if (shots) await page.screenshot({ path: join(shots, name), fullPage: path !== '/' });
          }
        }
      }
    }
    expect(problems).toEqual([]);
    expect(errors).toEqual([]);
    expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
  });
});
