import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { type OpenedConsole, openConsole } from './console-page.ts';
import { type RunningUsher, startUsher } from './usher-process.ts';

/** The id of a person of Encharge's sandbox. */
export const contact = (number: number): string =>
  `e0000000-0000-4000-8000-0000000000${String(number).padStart(2, '0')}`;
export const [ada, emma] = [contact(1), contact(21)];

/** The local stack of the test file that runs, and its console in a browser. */
export let running: RunningUsher;
export let opened: OpenedConsole;

export const encharge = (): RunningUsher['ready']['connections'][string] => {
  const connection = running.ready.connections['encharge'];
  if (!connection) throw new Error('There is no Encharge.');
  return connection;
};

/** Calls the webhook as Encharge does. */
export function send(action: string, id: string, more: Record<string, string> = {}): Promise<Response> {
  const query = new URLSearchParams({ wpf_action: action, access_key: encharge().access_key, ...more });
  return fetch(`${running.ready.webhook}?${query}`, { method: 'POST', body: JSON.stringify({ id }) });
}

/** Adds a person to Encharge's sandbox. @returns its id */
export async function addPerson(person: { email: string; tags: string[] }): Promise<string> {
  const body = JSON.stringify({ ...person, fields: {} });
  const made = await fetch(`${encharge().sandbox}/people`, { method: 'POST', body });
  return ((await made.json()) as { id: string }).id;
}

/** Goes to a page of the console by its link. */
export async function goTo(name: string): Promise<void> {
  await opened.page.getByRole('link', { name, exact: true }).click();
  await opened.page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
}

export const rowWith = (text: string): Locator =>
  opened.page.locator('.all').getByRole('row').filter({ hasText: text }).first();

/**
 * Starts a stack with its console for the tests of a file.
 *
 * @param prepare is done before the page is opened
 */
export function useLocalConsole(options: readonly string[], prepare: () => Promise<void>): void {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-console-'));
    running = await startUsher(['--port', '0', ...options], folder);
    await prepare();
    opened = await openConsole(running.ready.console);
  });
  afterAll(async () => {
    await opened?.context.close();
    await running?.end('SIGINT');
    await rm(folder, { recursive: true, force: true });
  });
}
