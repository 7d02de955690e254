import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleFunction } from '../../lib/bundle/bundle.ts';
import { type HttpFront, startHttpFront } from '../../lib/dev/http-front.ts';
import { type JobPoller, startJobPoller } from '../../lib/dev/job-poller.ts';
import { bundleEnvironment } from '../support/bundle-process.ts';
import { noteLogLine } from '../support/leaks.ts';
import { type RuntimeProcess, startRuntime } from '../support/runtime-api.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';

let test: TestStack;
let folder: string;
let runtime: RuntimeProcess;
let front: HttpFront;
let poller: JobPoller;
const lines: string[] = [];
const errors: unknown[] = [];
const onError = (error: unknown) => errors.push(error);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-bundle-'));
  await bundleFunction(folder);
  test = await startTestStack({ withPoller: false });
  runtime = await startRuntime(folder, bundleEnvironment(test.stack), (line) => {
    noteLogLine(line);
    lines.push(line);
  });
  front = await startHttpFront(runtime.invoke, { port: 0, onError });
  const { sqs } = test.stack.services;
  const { queueUrl } = test.stack;
  poller = await startJobPoller(runtime.invoke, {
    sqs,
    queueUrl,
    pollers: 1,
    functionTimeoutMs: 30_000,
    onError,
  });
});
afterAll(async () => {
  await poller.stop();
  await front.stop();
  await runtime.stop();
  await test.stop();
  await rm(folder, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

describe('the built function, in a process with nothing but the environment of the stack', () => {
  it.each([
    ['encharge', 'e0000000-0000-4000-8000-000000000001'],
    ['userengage', '2'],
  ] as const)('does a whole add for %s: user, mail, password', async (crm, id) => {
    const key = String(test.stack.connections[crm]?.accessKey);
    const body = crm === 'encharge' ? { id } : { path: 6, user: { id: Number(id) } };
    const response = await fetch(`${front.url}/?wpf_action=add&access_key=${key}&send_notification=true`, {
      method: 'POST',
      body: Buffer.from(JSON.stringify(body)),
    });
    expect(await response.json()).toMatchObject({ data: { result: 'created', contact_id: id } });
    await poller.idle();
    const user = await test.userOf(crm, id);
    expect(user).toMatchObject({ effects: {}, passwordHash: expect.stringMatching(/^\$argon2id\$/) });
    expect(test.ses.mails.at(-1)?.to).toEqual([user?.email]);
    expect(test[crm].people.get(id)?.fields['wp_password']).toMatch(/^[A-Za-z0-9]{16,}$/);
  });

  it('logs one line per webhook and per job, and metrics', () => {
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed.filter(({ message }) => message === 'webhook')).toHaveLength(2);
    const effects = parsed.filter(({ message, action }) => message === 'job' && action === 'effects');
    expect(effects).toHaveLength(2);
    expect(parsed.some((line) => '_aws' in line)).toBe(true);
  });
});
