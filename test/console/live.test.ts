import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.ts';
import { noteLogLine } from '../support/leaks.ts';
import {
  ada,
  emma,
  encharge,
  goTo,
  opened,
  rowWith,
  running,
  send,
  useLocalConsole,
} from '../support/local-console.ts';

describeWithBrowser('the lines of the local stack', () => {
  useLocalConsole([], async () => {
    await send('add', ada, { role: 'customer', send_notification: 'true' });
    await send('update', emma);
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
    await rowWith('created').click();
    const details = page.getByRole('complementary');
    await details.getByRole('row').filter({ hasText: 'fields.first_name' }).getByText('Ada').waitFor();
    await details.getByText(/^Request, answer and \d calls of the CRM$/).click();
    const trace = String(await details.locator('.trace pre').textContent());
    expect(trace).toContain('"Lovelace"');
    expect(trace).toContain('access_key=••••••••');
    expect(trace).not.toContain(String(encharge().access_key));
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
    await fetch(`${encharge().sandbox}/faults`, {
      method: 'POST',
      body: '{"status":429,"retryAfter":"600"}',
    });
    await send('update', ada);
    await fetch(`${encharge().sandbox}/faults`, { method: 'DELETE' });
    await goTo('Live');
    await goTo('Again');
    await page.getByText('the CRM limits our calls').waitFor();
    await page.getByRole('button', { name: 'Resume encharge' }).click();
    await page.getByText('None: all are called').waitFor();
  });

  it('dragging over a chart shows the lines of that time, to the end of its last point', async () => {
    const { page } = opened;
    await goTo('Live');
    await page.mouse.move(0, 0);
    // Nothing that comes in meanwhile counts.
    await page.getByRole('button', { name: 'Pause' }).click();
    const whole = Number(await page.locator('.toolbar b').textContent());
    const times = async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'JSON lines' }).click(),
      ]);
      const lines = (await readFile(await file.path(), 'utf8')).split('\n').filter(Boolean);
      return lines.map((line) => Date.parse((JSON.parse(line) as { timestamp: string }).timestamp));
    };
    const all = await times();
    expect(all.length).toBeGreaterThanOrEqual(whole);
    const plot = page.getByRole('img', { name: /over time, by result/ }).locator('.u-over');
    const drag = async (from: number, to: number) => {
      const box = await plot.boundingBox();
      if (!box) throw new Error('There is no chart.');
      await page.mouse.move(box.x + box.width * from, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * to, box.y + 20, { steps: 4 });
      await page.mouse.up();
    };
    await drag(0, 1);
    await page.getByRole('button', { name: 'Whole time' }).waitFor();
    expect(Number(await page.locator('.toolbar b').textContent())).toBe(whole);
    expect(
      await page
        .locator('.u-select')
        .first()
        .evaluate((box) => box.clientWidth),
    ).toBe(0);
    await page.getByRole('button', { name: 'Whole time' }).click();
    await drag(0.9, 1);
    await page.getByRole('button', { name: 'Whole time' }).waitFor();
    const { searchParams } = new URL(page.url());
    const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
    const inRange = all.filter((time) => time >= from && time <= to);
    expect(inRange.length).toBeGreaterThan(0);
    expect(await times()).toEqual(inRange);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'No filter' }).click();
    expect(new URL(page.url()).search).toBe('');
  });
});
