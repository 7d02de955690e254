import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.ts';
import { type OpenedConsole, openConsole, problemsOf } from '../support/console-page.ts';
import { noteLogLine } from '../support/leaks.ts';
import { type RunningUsher, startUsher } from '../support/usher-process.ts';

const contact = (number: number) => `e0000000-0000-4000-8000-0000000000${String(number).padStart(2, '0')}`;
const [ada, emma] = [contact(1), contact(21)];
let folder: string;
let running: RunningUsher;
let opened: OpenedConsole;

const ready = () => running.ready as RunningUsher['ready'] & { console: string };
const encharge = () => running.ready.connections['encharge'];

async function send(action: string, id: string, more: Record<string, string> = {}): Promise<Response> {
  const query = new URLSearchParams({
    wpf_action: action,
    access_key: String(encharge()?.access_key),
    ...more,
  });
  return fetch(`${running.ready.webhook}?${query}`, { method: 'POST', body: JSON.stringify({ id }) });
}

async function goTo(name: string): Promise<void> {
  await opened.page.getByRole('link', { name, exact: true }).click();
  await opened.page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
}

const rowWith = (text: string) => opened.page.getByRole('row').filter({ hasText: text }).first();

describeWithBrowser('the console over the local stack', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-console-'));
    running = await startUsher(['--port', '0'], folder);
    await send('add', ada, { role: 'customer', send_notification: 'true' });
    await send('update', emma);
    opened = await openConsole(ready().console);
  });
  afterAll(async () => {
    await opened?.context.close();
    await running?.end('SIGINT');
    await rm(folder, { recursive: true, force: true });
  });

  it('takes the token out of the address, and shows what came in', async () => {
    const { page } = opened;
    await rowWith('created').waitFor();
    expect(page.url()).not.toContain('token');
    expect(await page.evaluate('document.cookie')).toBe('');
    await rowWith('user_not_found').click();
    const details = page.getByRole('complementary');
    expect(await details.textContent()).toContain('for a contact without a user');
    expect(await details.textContent()).toContain('Next: Nothing, or use add.');
    await page.keyboard.press('Escape');
    expect(await details.count()).toBe(0);
  });

  it('shows what a line changed, value by value, and what was asked and answered, without secrets', async () => {
    const { page } = opened;
    await page.getByRole('row').filter({ hasText: 'add' }).filter({ hasText: 'created' }).click();
    const details = page.getByRole('complementary');
    await details.getByRole('row').filter({ hasText: 'fields.first_name' }).getByText('Ada').waitFor();
    await details.getByText(/^Request, answer and \d calls of the CRM$/).click();
    const trace = String(await details.locator('.trace pre').textContent());
    expect(trace).toContain('"Lovelace"');
    expect(trace).toContain('access_key=••••••••');
    expect(trace).not.toContain(String(encharge()?.access_key));
    expect(trace).not.toMatch(/"(x-encharge-token|authorization)": "(?!••)/i);
    await page.keyboard.press('Escape');
  });

  it('filters by words and choices that stand in the address, and by keys', async () => {
    const { page } = opened;
    await page.keyboard.press('/');
    await page.keyboard.type('customer created');
    await page.getByText('1 of').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('customer created');
    await page.reload();
    await page.getByText('1 of').waitFor();
    await page.getByRole('combobox', { name: /^Result/ }).selectOption('created');
    await page.getByRole('grid').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('complementary').textContent()).toContain('A user was made of the contact.');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Esc closes it').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'No filter' }).click();
  });

  it('exports what is shown, and the search for secrets and addresses covers it', async () => {
    const { page } = opened;
    for (const [name, lines] of [
      ['JSON lines', 3],
      ['CSV', 4],
    ] as const) {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click(),
      ]);
      const exported = (await readFile(await file.path(), 'utf8')).trimEnd().split(/\r?\n/);
      expect(exported).toHaveLength(lines);
      for (const line of exported) noteLogLine(line);
    }
  });

  it('counts new lines while it is paused, and shows them when asked', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Pause' }).click();
    await send('update_tags', ada);
    const news = page.getByRole('button', { name: '1 new' });
    await news.waitFor();
    expect(await rowWith('update_tags').count()).toBe(0);
    await news.click();
    await rowWith('update_tags').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
  });

  it('replays one, with its role and its time', async () => {
    const { page } = opened;
    await page.getByLabel('Search').fill('customer add webhook');
    await rowWith('created').click();
    await page.getByRole('button', { name: 'Replay add' }).click();
    await page.getByText('It is in the queue').waitFor();
    await page.keyboard.press('Escape');
    // Under the pointer no row would move.
    await page.mouse.move(0, 0);
    await page.getByLabel('Search').fill('customer job unchanged');
    await rowWith('unchanged').click();
    const [original, again] = running.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ role }) => role === 'customer');
    expect(again).toMatchObject({ message: 'job', action: 'add', notify: true, result: 'unchanged' });
    expect(again?.['received_at']).toBe(original?.['received_at']);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'No filter' }).click();
  });

  it('replays what the filter shows, each contact once, with a result for each', async () => {
    const { page } = opened;
    await page.getByLabel('Search').fill('webhook');
    await page.getByRole('button', { name: 'Replay these' }).click();
    await page.getByRole('dialog').getByText('2 contacts are pulled again').waitFor();
    await page.getByRole('button', { name: 'Replay 2' }).click();
    const replay = page.getByRole('article').filter({ hasText: '2 of 2 in the queue' });
    await replay.getByText('1 unchanged').waitFor();
    await replay.getByText('Contact by contact').click();
    await replay.getByRole('row').filter({ hasText: emma }).getByText('refused user_not_found').waitFor();
  });

  it('resumes a connection that is slow', async () => {
    const { page } = opened;
    await fetch(`${encharge()?.sandbox}/faults`, {
      method: 'POST',
      body: '{"status":429,"retryAfter":"600"}',
    });
    await send('update', ada);
    await fetch(`${encharge()?.sandbox}/faults`, { method: 'DELETE' });
    await goTo('Live');
    await goTo('Again');
    await page.getByText('the CRM limits our calls').waitFor();
    await page.getByRole('button', { name: 'Resume encharge' }).click();
    await page.getByText('None: all are called').waitFor();
  });

  it('finds users by address and tag, says what would be written, and deletes one', async () => {
    const { page } = opened;
    const person = { email: 'html@example.com', tags: ['<img src=x onerror=alert(1)>'], fields: {} };
    const made = await fetch(`${encharge()?.sandbox}/people`, {
      method: 'POST',
      body: JSON.stringify(person),
    });
    await send('add', ((await made.json()) as { id: string }).id);
    await goTo('Users');
    await page.getByLabel('Look for').fill('html@example.com');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    await page.getByRole('button', { name: 'What would be written?' }).click();
    await page.getByText('"unchanged"').waitFor();
    expect(page.url()).not.toContain('html');
    await page.getByText('Delete this user').click();
    await page.getByLabel(/Type the address/).fill('html@example.com');
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('The user is deleted.').waitFor();
    await page.getByLabel('By').selectOption('tag');
    await page.getByLabel('Look for').fill('customer');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('heading', { name: 'ada@example.com' }).waitFor();
  });

  it('shows the mail for a person of the sandbox, where a template is broken, and the inbox without keys', async () => {
    const { page } = opened;
    await goTo('Mail');
    await page.getByLabel('Contact’s id').fill(contact(19));
    await page.getByRole('button', { name: 'Take from the CRM' }).click();
    const frame = page.frameLocator('iframe');
    await frame.getByText('Hello <b>Bobby</b>').waitFor();
    await page.getByRole('button', { name: '360 px' }).click();
    expect((await page.locator('iframe').boundingBox())?.width).toBe(360);
    await page.getByText(/^Try other templates/).click();
    await page.getByLabel('text', { exact: true }).fill('Hello\n{{#first_name}}');
    await page.getByRole('alert').filter({ hasText: 'The template text is broken in line 2' }).waitFor();
    await page.getByText('ada@example.com · [Example Site]').click();
    expect(await page.locator('section pre').first().textContent()).toMatch(/key=•+/);
  });

  it('builds a URL, shows its key when asked, tests it, and compares the fields', async () => {
    const { page } = opened;
    const key = String(encharge()?.access_key);
    await goTo('Setup');
    await page.getByLabel('Role').selectOption('editor');
    await page.getByText('access_key=<access key>&role=editor').waitFor();
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText(`access_key=${key}&role=editor`).waitFor();
    await page.getByLabel('Contact’s id').fill(ada);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('"tags_removed"').waitFor();
    await page.getByRole('checkbox', { name: 'nickname' }).check();
    await page.getByText(`nickname: { field: "nickname", type: 'text' }`).waitFor();
    await page.getByRole('button', { name: 'Look at everything' }).click();
    await page.getByText('Encharge accepts the API token').waitFor();
    await page.getByRole('button', { name: 'Hide' }).click();
    expect(await page.content()).not.toContain(key);
    expect(
      await page.evaluate('JSON.stringify(localStorage) + JSON.stringify(sessionStorage)'),
    ).not.toContain(key);
  });

  it('edits a person of the sandbox, fires its webhook, and switches faults on and off', async () => {
    const { page } = opened;
    await goTo('Sandbox');
    await page.getByLabel('Person').selectOption(emma);
    await page.getByLabel('Tags, one a line').fill('by hand');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('button', { name: 'Fire the webhook' }).click();
    await page.getByText('"result":"created"').waitFor();
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('"status":503').waitFor();
    await page.getByRole('button', { name: 'All off' }).click();
    await page.getByText('"status":503').waitFor({ state: 'detached' });
  });

  it('axe finds nothing on any page, narrow and wide, light and dark', async () => {
    const { page, context, errors } = opened;
    // What is there when a page is.
    const parts = {
      '/': page.getByRole('row').first(),
      '/again': page.getByText('2 of 2 in the queue'),
      '/users': page.getByRole('button', { name: 'Find' }),
      '/mail': page.locator('iframe'),
      '/setup': page.getByRole('checkbox', { name: 'nickname' }),
      '/sandbox': page.getByRole('button', { name: 'Fire the webhook' }),
    };
    const problems: unknown[] = [];
    const shots = process.env['SCREENSHOTS'];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        for (const [path, part] of Object.entries(parts)) {
          await page.goto(new URL(path, page.url()).href);
          await part.waitFor();
          if (path === '/users') {
            await page.getByLabel('Look for').fill('ada@example.com');
            await part.click();
            await page.getByRole('heading', { name: 'ada@example.com' }).waitFor();
          }
          if (path === '/') for (const key of ['j', 'Enter']) await page.keyboard.press(key);
          problems.push(...(await problemsOf(page)).map((found) => ({ path, colorScheme, width, ...found })));
          const name = `console-${path.slice(1) || 'live'}-${colorScheme}-${width}.png`;
          if (shots) await page.screenshot({ path: join(shots, name), fullPage: path !== '/' });
        }
      }
    }
    expect(problems).toEqual([]);
    expect(errors).toEqual([]);
    expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
  });
});
