import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.ts';
import { ada, addPerson, opened, send, useLocalConsole } from '../support/local-console.ts';

let userId: string;

async function look(by: string, text: string): Promise<void> {
  const { page } = opened;
  await page.getByLabel('By').selectOption({ label: by });
  await page.getByLabel('Look for').fill(text);
  await page.getByRole('button', { name: 'Find' }).click();
}

describeWithBrowser('users on the console', () => {
  useLocalConsole([], async () => {
    const answer = await send('add', ada, { role: 'customer', send_notification: 'true' });
    userId = ((await answer.json()) as { data: { user_id: string } }).data.user_id;
  });

  it.each([
    ['address', () => ' Ada@Example.com '],
    ['username', () => 'ada@example.com'],
    ['id', () => userId],
    ['contact', () => ada],
    ['tag', () => 'newsletter'],
  ])('are found by %s, and who is none is nobody', async (by, text) => {
    const { page } = opened;
    await page.goto(new URL('/users', page.url()).href);
    await look(by, 'zzz');
    await page.getByText(by === 'tag' ? 'Nobody.' : 'There is no such user.').waitFor();
    await look(by, text());
    const card = page
      .getByRole('article')
      .filter({ has: page.getByRole('heading', { name: 'ada@example.com' }) });
    await card.getByText(userId, { exact: true }).waitFor();
    expect(await card.getByRole('listitem').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('add created')]),
    );
    expect(new URL(page.url()).search).toBe('');
  });

  it('cannot be looked for before it is known which connections there are', async () => {
    const { page } = opened;
    const known = Promise.withResolvers<void>();
    await page.route('**/api/about', async (route) => {
      await known.promise;
      await route.continue();
    });
    await page.goto(new URL('/users', page.url()).href);
    await page.getByRole('navigation').waitFor();
    expect(await page.getByRole('button', { name: 'Find' }).count()).toBe(0);
    known.resolve();
    await look('contact', 'zzz');
    await page.getByText('There is no such user.').waitFor();
    await page.unroute('**/api/about');
  });

  it('of a tag come page by page, each once', async () => {
    const { page } = opened;
    const people = Array.from({ length: 30 }, (_, index) => `many-${index}@example.com`);
    // One by one, so that each is answered in time.
    for (const email of people) {
      const answer = await send('add', await addPerson({ email, tags: ['many'] }));
      expect(await answer.text()).toContain('"created"');
    }
    await look('tag', 'many');
    const cards = page.getByRole('article');
    await page.getByRole('button', { name: 'More' }).waitFor();
    expect(await cards.count()).toBe(25);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'More' }).waitFor({ state: 'detached' });
    const found = await cards.getByRole('heading', { level: 2 }).allTextContents();
    expect(found.toSorted()).toEqual(people.toSorted());
  });

  it('with 300 kB of tags are shown, some of them first', async () => {
    const { page } = opened;
    const tags = Array.from({ length: 600 }, (_, index) => `${index} ${'x'.repeat(500)}`);
    await send('add', await addPerson({ email: 'large@example.com', tags }));
    await look('address', 'large@example.com');
    const shown = page.getByRole('article').locator('.tag');
    await page.getByRole('button', { name: 'All 600 tags' }).waitFor();
    expect(await shown.count()).toBe(50);
    await page.getByRole('button', { name: 'All 600 tags' }).click();
    expect(await shown.count()).toBe(600);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  });

  it('are text, whatever they are called; one is deleted once its address was typed', async () => {
    const { page, errors } = opened;
    const tag = '<img src=x onerror=alert(1)>';
    await send('add', await addPerson({ email: 'html@example.com', tags: [tag] }));
    await look('address', 'html@example.com');
    await page.getByText(tag).waitFor();
    expect(await page.locator('article img').count()).toBe(0);
    await page.getByRole('button', { name: 'What would be written?' }).click();
    await page.getByText('"unchanged"').waitFor();
    await page.getByText('Delete this user').click();
    const gone = page.getByRole('button', { name: 'Delete for good' });
    await page.getByLabel(/Type the address/).fill('other@example.com');
    expect(await gone.isDisabled()).toBe(true);
    await page.getByLabel(/Type the address/).fill('html@example.com');
    await gone.click();
    await page.getByText('The user is deleted.').waitFor();
    await look('tag', tag);
    await page.getByText('Nobody.').waitFor();
    expect(errors).toEqual([]);
  });

  it('are given as a file, without what opens their account', async () => {
    const { page } = opened;
    await look('id', userId);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    const kept = await readFile(await file.path(), 'utf8');
    expect(kept).toContain('Lovelace');
    expect(kept).not.toMatch(/passwordHash|"salt"|scrypt|argon/i);
  });
});
