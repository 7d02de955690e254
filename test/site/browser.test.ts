import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { closeServer, listenOnLoopback } from '../../lib/dev/loopback-server.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { browser, describeWithBrowser } from '../support/browser.ts';
import { workOff } from '../support/jobs.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { api, goodPassword, invite, ip, linkIn, member } from './site.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
/** Where people go once their password is set, and where that sends them on to: sites have a `www` or log people in elsewhere. */
const home = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html').end('<title>The site</title>');
});
await listenOnLoopback(home, 0, 'the home page');
const site = createServer((_request, response) => {
  response.writeHead(302, { location: urlOf(home) }).end();
});
await listenOnLoopback(site, 0, 'the site');
function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
const siteUrl = urlOf(site);
useTestStack({
  config: { ...withoutPasswords, site: { ...withoutPasswords.site, url: siteUrl } },
  withPoller: false,
});
afterAll(() => Promise.all([closeServer(site), closeServer(home)]));

async function open(options: object, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(options);
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

const withoutScript = { javaScriptEnabled: false };

describeWithBrowser('in a real browser', () => {
  it('a person sets a password without any script, and is logged in', async () => {
    const { url, email } = await invite(test);
    await open(withoutScript, async (page) => {
      await page.goto(url.href);
      await page.getByLabel('New password').fill('passwordpassword');
      await page.getByRole('button').click();
      expect(await page.getByRole('alert').textContent()).toContain('Many people');
      await page.getByLabel('New password').fill(goodPassword);
      await page.getByRole('button').click();
      await page.waitForURL(urlOf(home));
      await page.goto(url.href);
      expect(await page.getByRole('heading').textContent()).toBe('This link does not work any more');
    });
    expect((await api(test, 'login', { login: email, password: goodPassword, ip })).status).toBe(200);
  });

  it('a person whose link has ended gets a new one', async () => {
    const person = await member(test);
    await open(withoutScript, async (page) => {
      await page.goto(person.url.href);
      await page.getByRole('button', { name: 'Send me a new link' }).click();
      expect(await page.getByRole('heading').textContent()).toBe('Look into your mailbox');
      await workOff(test);
      await page.goto(linkIn(person.mails()).url.href);
      await page.getByLabel('New password').fill('another horse battery');
      await page.getByRole('button').click();
      await page.waitForURL(urlOf(home));
    });
  });

  it('a scanner that runs scripts and only looks uses nothing up', async () => {
    const { url, email } = await invite(test);
    await open({}, async (page) => {
      for (let count = 0; count < 3; count += 1) await page.goto(url.href, { waitUntil: 'networkidle' });
      await page.getByLabel('New password').fill(goodPassword);
      await page.getByRole('button').click();
      await page.waitForURL(urlOf(home));
    });
    expect((await api(test, 'login', { login: email, password: goodPassword, ip })).status).toBe(200);
  });

  it('axe finds nothing on any page, light and dark, narrow and wide, and nothing is wider than the screen', async () => {
    const { url } = await invite(test);
    const used = await member(test);
    const pages: [path: string, prepare?: (page: Page) => Promise<void>][] = [
      [url.href],
      [
        url.href,
        async (page) => {
          await page.getByLabel('New password').fill('aaaaaaaaaaaaaaaa');
          await page.getByRole('button').click();
        },
      ],
      [used.url.href],
      [new URL('forgot-password', test.stack.webhook).href],
      [
        new URL('forgot-password', test.stack.webhook).href,
        async (page) => {
          await page.getByLabel('E-mail address or username').fill('nobody@example.com');
          await page.getByRole('button').click();
        },
      ],
    ];
    const problems: unknown[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1440]) {
        await open({ colorScheme, viewport: { width, height: 740 } }, async (page) => {
          for (const [index, [address, prepare]] of pages.entries()) {
            await page.goto(address);
            await prepare?.(page);
            await page.evaluate(axe);
            const found = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
            const scrolls = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
            const violations = found.violations.map(({ id }) => id);
            if (violations.length > 0 || scrolls)
              problems.push({ index, colorScheme, width, violations, scrolls });
            const folder = process.env['SCREENSHOTS'];
            if (folder)
              await page.screenshot({ path: `${folder}/page-${index}-${colorScheme}-${width}.png` });
          }
        });
      }
    }
    expect(problems).toEqual([]);
  });
});
