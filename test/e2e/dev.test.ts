import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startSandbox } from '../../lib/sandbox/start-sandbox.ts';
import { folder, useFolder } from '../support/folder.ts';
import { answers, startUsher, usher } from '../support/usher-process.ts';

useFolder();

const ada = 'e0000000-0000-4000-8000-000000000001';

async function add(webhook: string, accessKey: string): Promise<{ data: { result: string } }> {
  const response = await fetch(`${webhook}?wpf_action=add&access_key=${accessKey}&send_notification=true`, {
    method: 'POST',
    body: JSON.stringify({ id: ada }),
  });
  return (await response.json()) as { data: { result: string } };
}

/** Looks again until it is so, for ten seconds at most. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 200; looks += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not happen');
}

/** Ada is a user in the end, if not within the webhook's time on a busy machine. */
const addApplied = (webhook: string, accessKey: string) =>
  eventually(async () => {
    const { data } = await add(webhook, accessKey);
    return data.result === 'created' || data.result === 'unchanged';
  });

describe('usher dev', () => {
  it('does the main job and leaves nothing behind after Ctrl-C', async () => {
    const running = await startUsher(['--port', '0'], folder);
    const { ready } = running;
    expect(Object.keys(ready.connections)).toEqual(['encharge', 'userengage']);
    await addApplied(ready.webhook, String(ready.connections['encharge']?.access_key));

    await eventually(async () => {
      const store = (await (await fetch(`${ready.inbox}store`)).json()) as { emails: { subject: string }[] };
      return store.emails.length === 1;
    });
    const person = `${ready.connections['encharge']?.sandbox}/people/${ada}`;
    await eventually(async () => {
      const { fields } = (await (await fetch(person)).json()) as { fields: { wp_password?: string } };
      return /^[A-Za-z0-9]{16,}$/.test(fields.wp_password ?? '');
    });

    expect(await running.end('SIGINT')).toBe(0);
    const addresses = [ready.webhook, ready.inbox, ...Object.values(ready.endpoints)];
    expect(await Promise.all(addresses.map(answers))).toEqual(addresses.map(() => false));
    expect(await readdir(join(folder, '.usher'))).toEqual([]);
  });

  it('keeps users, keys and people with --data, even when it is killed', async () => {
    const data = join(folder, 'data');
    const first = await startUsher(['--port', '0', '--data', data], folder);
    const key = String(first.ready.connections['encharge']?.access_key);
    await addApplied(first.ready.webhook, key);
    await first.end('SIGKILL');
    await eventually(async () => !(await answers(first.ready.endpoints.dynamodb)));

    const second = await startUsher(['--port', '0', '--data', data], folder);
    expect(second.ready.connections['encharge']?.access_key).toBe(key);
    await eventually(async () => {
      const { result } = (await add(second.ready.webhook, key)).data;
      // A webhook may take longer than its time on a busy machine; the user is not made anew.
      expect(['unchanged', 'queued']).toContain(result);
      return result === 'unchanged';
    });
    await second.end('SIGTERM');
  });

  it('uses another CRM and token when asked', async () => {
    const { url, stop } = await startSandbox('encharge', { token: 'its-token' });
    const running = await startUsher(
      ['--port', '0', '--crm', `encharge=${url}`, '--token', 'encharge=not-its-token'],
      folder,
    );
    expect(running.ready.connections['encharge']).toMatchObject({ crm_url: `${url}/` });
    expect(running.ready.connections['encharge']?.sandbox).toBeUndefined();
    const key = String(running.ready.connections['encharge']?.access_key);
    await eventually(async () => {
      const answer = await fetch(`${running.ready.webhook}?wpf_action=test&access_key=${key}`);
      expect(answer.status).toBe(424);
      const { error } = (await answer.json()) as { error: { code: string } };
      return error.code === 'crm_credentials_rejected';
    });
    await Promise.all([running.end('SIGINT'), stop()]);
  });
});

describe('usher dev --token <connection>=-', () => {
  it('reads the token from stdin, so that no process list shows it', async () => {
    const token = 'obviously-fake-token';
    const crm = await startUsher(['--port', '0', '--token', 'encharge=-'], folder, `${token}\n`);
    const url = String(crm.ready.connections['encharge']?.crm_url);
    const options = ['--port', '0', '--crm', `encharge=${url}`, '--token', 'encharge=-'];
    const running = await startUsher(options, folder, token);
    expect(await readFile(`/proc/${running.pid}/cmdline`, 'utf8')).not.toContain(token);
    const key = String(running.ready.connections['encharge']?.access_key);
    const answer = await fetch(`${running.ready.webhook}?wpf_action=test&access_key=${key}`);
    expect(await answer.json()).toMatchObject({ success: true });
    await Promise.all([running.end('SIGINT'), crm.end('SIGINT')]);
  });

  it.each([
    [['--token', 'encharge=-'], '', 'No token was given. Nothing was started.'],
    [['--token', 'encharge=-'], 'two words', 'A token is one word'],
    [['--token', 'encharge=-', '--token', 'userengage=-'], 'one', 'Only one token can be piped in'],
  ])('%j with %j ends with 1', async (options, input, message) => {
    const { code, out, err } = await usher(['dev', '--port', '0', ...options], folder, process.env, input);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining(message) });
  });
});

describe('usher dev that cannot start', () => {
  it('says which port is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, out, err } = await usher(['dev', '--port', port], folder);
    blocker.close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`Port ${port}`);
    expect(err).not.toContain('    at ');
  });

  it('says that no data can be kept in a file, and leaves no log behind', async () => {
    const file = join(folder, 'a file');
    await writeFile(file, '');
    const files = async () => (await readdir(join(folder, '.usher'))).sort();
    const before = await files();
    const { code, out, err } = await usher(['dev', '--port', '0', '--data', file], folder);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`Data cannot be kept in ${file}`);
    expect(err).not.toContain('    at ');
    expect(await files()).toEqual(before);
  });

  it('says that Java is missing', async () => {
    const { code, err } = await usher(['dev', '--port', '0'], folder, { PATH: folder });
    expect(code).toBe(1);
    expect(err).toMatch(/Java 17/);
    expect(err).not.toContain('    at ');
  });

  it.each([
    [['--port', 'many'], 'A port is a number'],
    [['--port', '70000'], 'A port is a number'],
    [['--crm', 'encharge'], '<connection>=<value>'],
    [['--crm', 'encharge=http://crm.example.com/'], 'must be https'],
    [['--public-host', 'https://usher.example.com/'], 'Write a host name'],
    [['--nonsense'], 'unknown option'],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await usher(['dev', ...args], folder);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('refuses a connection that is not configured', async () => {
    const { code, err } = await usher(['dev', '--port', '0', '--token', 'hubspot=x'], folder);
    expect(code).toBe(1);
    expect(err).toContain('There is no connection "hubspot"');
  });
});
