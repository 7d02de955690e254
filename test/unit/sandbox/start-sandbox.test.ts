import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { enchargeSeedId } from '../../../lib/sandbox/encharge-person.ts';
import type { Sandbox, SandboxCrm } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, callerOf, exchange } from './exchange.ts';

const token = 'fake-token';
let folder: string;
let started: Sandbox[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((sandbox) => sandbox.stop()));
  rmSync(folder, { recursive: true });
});

async function start<C extends SandboxCrm>(crm: C, dataFile?: string, port?: number): Promise<Sandbox<C>> {
  const sandbox = await startSandbox(crm, { token, dataFile, port });
  started.push(sandbox);
  return sandbox;
}

it.each<[crm: SandboxCrm, url: RegExp]>([
  ['encharge', /^http:\/\/127\.0\.0\.1:\d+\/v1$/],
  ['userengage', /^http:\/\/127\.0\.0\.1:\d+\/api\/public\/$/],
])('%s has a base URL like the real one', async (crm, url) => {
  const sandbox = await start(crm);
  expect(sandbox.url).toMatch(url);
  expect(sandbox.control).toBe(`${new URL(sandbox.url).origin}/_sandbox`);
});

it('refuses a port that is taken', async () => {
  const { url } = await start('encharge');
  await expect(start('userengage', undefined, Number(new URL(url).port))).rejects.toThrow('is taken');
});

it('can be stopped twice, and then answers nobody', async () => {
  const sandbox = await start('encharge');
  await sandbox.stop();
  await sandbox.stop();
  await expect(exchange(sandbox.control)).rejects.toThrow('ECONNREFUSED');
});

it('hands out copies', async () => {
  const { people } = await start('userengage');
  people.get(1)?.tags.push('slipped in');
  people.list()[0]?.tags.push('slipped in');
  expect(people.get(1)?.tags).toEqual(['customer', 'newsletter']);
});

describe('a data file', () => {
  it('keeps every change', async () => {
    const file = join(folder, 'below', 'userengage.json');
    const first = await start('userengage', file);
    first.people.remove(2);
    await callerOf(first)('users/1/add_tag/', { method: 'POST', body: { name: 'brand new' } });
    await exchange(`${first.control}/people/3`, { method: 'PUT', body: { city: 'Ulm' } });
    const tags = (await callerOf(first)('users/1/')).json;
    await first.stop();

    const second = await start('userengage', file);
    expect(second.people.get(2)).toBeUndefined();
    expect(second.people.get(3)?.city).toBe('Ulm');
    expect(at((await callerOf(second)('users/1/')).json, 'tags')).toEqual(at(tags, 'tags'));
    second.people.reset();
    expect(second.people.list()).toHaveLength(25);
  });

  it('is not written before something changed, and leaves nothing else behind', async () => {
    const file = join(folder, 'encharge.json');
    const sandbox = await start('encharge', file);
    expect(readdirSync(folder)).toEqual([]);
    sandbox.people.put({ id: enchargeSeedId(1), email: 'ada@example.com', vip: true });
    expect(readdirSync(folder)).toEqual(['encharge.json']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      crm: 'encharge',
      people: expect.arrayContaining([expect.objectContaining({ vip: true })]),
    });
  });

  it.each([
    ['of another CRM', '{"crm":"userengage","tags":[],"people":[]}'],
    ['that is no JSON', '{"crm":'],
    ['of another shape', '[]'],
  ])('%s is refused by name', async (_, text) => {
    const file = join(folder, 'people.json');
    writeFileSync(file, text);
    await expect(start('encharge', file)).rejects.toThrow(
      `${file} is not the data of a sandbox for encharge`,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('with a person that is none is refused', async () => {
    const file = join(folder, 'people.json');
    writeFileSync(file, '{"crm":"encharge","tags":[],"people":[{"id":"x","email":7}]}');
    await expect(start('encharge', file)).rejects.toThrow('email');
  });
});
