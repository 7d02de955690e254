import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { browser } from './browser.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A browser in which somebody has opened the console, and its page. */
export interface OpenedConsole {
  context: BrowserContext;
  page: Page;
  /** What the page has thrown, and what its policy has kept from it. */
  errors: string[];
}

/** Opens the address that a console has printed, which works once. */
export async function openConsole(
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenedConsole> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) errors.push(message.text());
  });
  await page.goto(address);
  return { context, page, errors };
}

/**
 * What axe finds on a page, and whether the page is wider than the screen.
 *
 * @param part selects a part of it, as an open dialog, behind which nothing can be reached
 */
export async function problemsOf(page: Page, part?: string): Promise<object[]> {
  if (!(await page.evaluate('globalThis.axe'))) await page.evaluate(axe);
  const context = { exclude: ['iframe'], ...(part === undefined ? {} : { include: [part] }) };
  const found = (await page.evaluate(
    `axe.run(${JSON.stringify(context)}, { resultTypes: ['violations'] })`,
  )) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  const violations = found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
  return [...violations, ...(isTooWide ? [{ id: 'wider than the screen' }] : [])];
}
