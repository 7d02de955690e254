import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { descriptions } from '../../../lib/sandbox/descriptions.ts';
import type { Sandbox, SandboxCrm } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { callerOf, exchange } from './exchange.ts';

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

async function start(crm: SandboxCrm, dataFile?: string, port?: number): Promise<Sandbox> {
  const sandbox = await startSandbox(crm, { token, dataFile, port });
  started.push(sandbox);
  return sandbox;
}

it('has a base URL like the real one', async () => {
  const sandbox = await start('encharge');
  expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
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
  people.get(1)?.tags?.push('slipped in');
  people.list()[0]?.tags?.push('slipped in');
  expect(people.get(1)?.tags).toEqual(['customer', 'newsletter']);
});

describe('a data file', () => {
  it('keeps every change', async () => {
    const file = join(folder, 'below', 'userengage.json');
    const first = await start('userengage', file);
    first.people.remove(2);
    const added = first.people.put({ tags: ['brand new'] });
    await exchange(`${first.control}/people/3`, { method: 'PUT', body: { fields: { city: 'Ulm' } } });
    const before = (await callerOf(first)(`users/${added.id}/`)).json;
    await first.stop();

    const second = await start('userengage', file);
    expect(second.people.get(2)).toBeUndefined();
    expect(second.people.get(3)?.fields).toMatchObject({ city: 'Ulm', firstName: 'Zoë' });
    expect((await callerOf(second)(`users/${added.id}/`)).json).toEqual(before);
    expect(second.people.put({}).id).toBe('27');
    second.people.reset();
    expect(second.people.list()).toHaveLength(25);
  });

  it('is not written before something changed, and leaves nothing else behind', async () => {
    const file = join(folder, 'encharge.json');
    const sandbox = await start('encharge', file);
    expect(readdirSync(folder)).toEqual([]);
    sandbox.people.put({ id: descriptions.encharge.idOf(1), fields: { vip: true } });
    expect(readdirSync(folder)).toEqual(['encharge.json']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      crm: 'encharge',
      people: expect.arrayContaining([expect.objectContaining({ fields: { vip: true } })]),
    });
  });

  it.each([
    ['of another CRM', '{"crm":"userengage","lastNumber":0,"tags":[],"people":[]}'],
    ['that is no JSON', '{"crm":'],
    ['of another shape', '[]'],
    ['of the shape before', '{"crm":"encharge","tags":[],"people":[{"id":"x","email":null,"tags":"a,b"}]}'],
    [
      'with a person that is none',
      '{"crm":"encharge","lastNumber":0,"tags":[],"people":[{"id":"x","email":7}]}',
    ],
  ])('%s is refused by name', async (_, text) => {
    const file = join(folder, 'people.json');
    writeFileSync(file, text);
    await expect(start('encharge', file)).rejects.toThrow(
      `${file} is not the data of a sandbox for encharge`,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
