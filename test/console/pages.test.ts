import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { describeWithBrowser } from '../support/browser.ts';
import {
  ada,
  contact,
  emma,
  encharge,
  goTo,
  opened,
  running,
  send,
  useLocalConsole,
} from '../support/local-console.ts';

describeWithBrowser('the pages over the local stack', () => {
  useLocalConsole(['--with', 'customerio'], async () => {
    await send('add', ada, { role: 'customer', send_notification: 'true' });
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
    const key = String(encharge().access_key);
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
    await page.getByText('"result": "created"').waitFor();
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('"status":503').waitFor();
    await page.getByRole('button', { name: 'All off' }).click();
    await page.getByText('"status":503').waitFor({ state: 'detached' });
  });

  it('hides a key again after half a minute, and what it shows before is the key', async () => {
    const { context } = opened;
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(new URL('/setup', opened.page.url()).href);
    await page.getByRole('button', { name: 'Show' }).click();
    const shown = page.getByText(encharge().access_key);
    await shown.waitFor();
    await page.clock.fastForward(29_000);
    expect(await shown.count()).toBe(1);
    await page.clock.fastForward(1100);
    await shown.waitFor({ state: 'detached' });
    await page.getByText('access_key=<access key>').waitFor();
    await page.close();
  });

  it('copies a URL with its key, which it does not show, and a piece of the configuration', async () => {
    const { page, context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
    await page.goto(new URL('/setup', page.url()).href);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await copied()).toBe(
      `${running.ready.webhook}?wpf_action=add&access_key=${encodeURIComponent(encharge().access_key)}`,
    );
    expect(await page.content()).not.toContain(encharge().access_key);
    await page.getByRole('checkbox', { name: 'nickname' }).check();
    await page.getByRole('button', { name: 'Copy' }).last().click();
    await page.getByText('Copied.').nth(1).waitFor();
    expect(await copied()).toBe(`fields: {\n  nickname: { field: "nickname", type: 'text' },\n},`);
    // The key does not outlive the test in the machine's clipboard.
    await page.evaluate("navigator.clipboard.writeText('')");
  });

  it('a password that was written to a contact is shown only when asked for, and survives a change', async () => {
    const { page } = opened;
    const fieldsOf = async () => {
      const answer = await fetch(`${encharge().sandbox}/people/${ada}`);
      return ((await answer.json()) as { fields: Record<string, string> }).fields;
    };
    await page.goto(new URL('/sandbox', page.url()).href);
    await page.getByText('wp_password:').waitFor();
    const { wp_password: password = 'none' } = await fieldsOf();
    const answers: string[] = [];
    page.on(
      'response',
      (response) =>
        void response.text().then(
          (text) => answers.push(text),
          () => undefined,
        ),
    );
    await page.getByLabel('Fields, as JSON').fill('{ "firstName": "Adah" }');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await fieldsOf()).toMatchObject({ firstName: 'Adah', lastName: null, wp_password: password });
    expect(answers.join()).not.toContain(password);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText(password, { exact: true }).waitFor();
    await page.getByLabel('Fields, as JSON').fill('[]');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The fields have to be a JSON object.').waitFor();
  });

  it('switches a vendor’s limits on and off', async () => {
    const { page } = opened;
    await page.goto(new URL('/sandbox', page.url()).href);
    await page.getByLabel('Connection').selectOption('customerio');
    const limits = page.getByRole('checkbox', { name: 'the vendor’s limits hold' });
    const isOn = async () => {
      const answer = await fetch(`${running.ready.connections['customerio']?.sandbox}/limits`);
      return ((await answer.json()) as { on: boolean }).on;
    };
    const before = await isOn();
    expect(await limits.isChecked()).toBe(before);
    for (const on of [!before, before]) {
      await limits.click();
      await page.getByText(on ? 'The limits hold.' : 'The limits do not hold.').waitFor();
      await page.getByRole('checkbox', { name: 'the vendor’s limits hold', checked: on }).waitFor();
      expect(await isOn()).toBe(on);
    }
  });

  it('a mail asks nobody for anything, and runs nothing', async () => {
    const { page } = opened;
    const [asked, said]: [string[], string[]] = [[], []];
    const elsewhere = createServer(({ url }, response) => {
      asked.push(String(url));
      response.end();
    });
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const there = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    page.on('console', (message) => said.push(message.text()));
    const html = `<meta http-equiv="refresh" content="0;url=${there}"><base href="${there}"><link rel="stylesheet" href="a.css">
<style>@import url(${there}b.css); p { background: url(${there}c.png) }</style><img src="${there}d.png" onerror="console.log('ran')">
<script>console.log('ran')</script><iframe src="${there}"></iframe><p>Hello <b>{{first_name}}</b></p>`;
    await page.goto(new URL('/mail', page.url()).href);
    await page.getByText(/^Try other templates/).click();
    // What is refused for its policy has been tried.
    const refused = ['a.css', 'b.css', 'c.png', 'd.png'].map((name) =>
      page.waitForEvent('requestfailed', (request) => request.url() === there + name),
    );
    await page.getByLabel('html', { exact: true }).fill(html);
    await Promise.all(refused);
    await page.frameLocator('iframe').getByText('Hello Ada').waitFor();
    elsewhere.close();
    expect([asked, said.filter((text) => text === 'ran')]).toEqual([[], []]);
  });

  it('says which contact a CRM does not have', async () => {
    const { page } = opened;
    await page.goto(new URL('/mail', page.url()).href);
    await page.getByLabel('Contact’s id').fill(contact(99));
    await page.getByRole('button', { name: 'Take from the CRM' }).click();
    await page.getByText(`The CRM of encharge has no contact ${contact(99)}.`).waitFor();
  });
});
