import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectorOf, crmNames } from '../../functions/crm/registry.ts';
import config from '../../usher.config.ts';
import { jsonLines } from '../support/cli-stack.ts';
import { type RunningUsher, startUsher, usher } from '../support/usher-process.ts';

const own = Object.keys(config.connections);
/** What the further connections are called: as their CRMs, but for names that are taken. */
const further = crmNames.map((crm) => ({ crm, name: own.includes(crm) ? `${crm}-2` : crm }));
const some = further.at(-1);

let folder: string;
let running: RunningUsher;
const run = (...args: string[]) => usher([...args, '--port', String(running.port)], folder);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-with-'));
  running = await startUsher(['--port', '0', '--with', crmNames.join(',')], folder);
});
afterAll(async () => {
  expect(await running.end('SIGINT')).toBe(0);
  await rm(folder, { recursive: true, force: true });
});

describe('usher dev --with', () => {
  it('has a connection more for every CRM that is named, each with a key and a sandbox of its own', () => {
    const { connections } = running.ready;
    expect(Object.keys(connections)).toEqual([...own, ...further.map(({ name }) => name)]);
    for (const { crm, name } of further) expect(connections[name]).toMatchObject({ crm });
    const of = (member: 'access_key' | 'sandbox') => Object.values(connections).map((one) => one[member]);
    expect(new Set([...of('access_key'), ...of('sandbox')]).size).toBe(2 * (own.length + further.length));
  });

  it.each(further)('has 25 people in $name', async ({ name }) => {
    const answer = await fetch(`${running.ready.connections[name]?.sandbox}/people`);
    expect(await answer.json()).toMatchObject({ people: { length: 25 } });
  });

  it('has connections that other commands know', async () => {
    const { name = '' } = some ?? {};
    const answer = await fetch(`${running.ready.connections[name]?.sandbox}/people`);
    const { people } = (await answer.json()) as { people: { id: string }[] };
    const contact = String(people[1]?.id);
    const sent = await run('send', name, '--contact', contact, '--json');
    expect(JSON.parse(sent.out)).toMatchObject({ success: true, data: { contact_id: contact } });
    const { code, out } = await run('user', 'get', '--contact', contact, '--connection', name);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`contact (${name})`) });
    expect((await run('urls', name)).out).toContain(running.ready.webhook);
  });

  it('has connections with which the doctor finds nothing wrong', async () => {
    const { code, out } = await run('doctor', '--json');
    expect(code).toBe(0);
    const findings = jsonLines(out) as { check: string; connection?: string; status: string }[];
    for (const { crm, name } of further) {
      const about = findings.filter(({ connection }) => connection === name);
      const password = connectorOf(crm).hasSeenFields ? 'warn' : 'ok';
      expect(about.map(({ check, status }) => `${check}: ${status}`)).toEqual([
        'keys: ok',
        'CRM: ok',
        'fields: ok',
        `password field: ${password}`,
      ]);
    }
  });

  it('names the CRMs that there are when it does not know one', async () => {
    const { code, out, err } = await usher(['dev', '--with', `${crmNames[0]},nobody`], folder);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`There is no CRM "nobody". There are: ${crmNames.join(', ')}.`);
  });
});
