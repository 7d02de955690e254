import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loggedId } from '../../functions/runtime/log.ts';
import { jsonLines } from '../support/cli-stack.ts';
import { expectRefusals } from '../support/expect-refusals.ts';
import { type FakeStage, startFakeStage, withoutCredentials } from '../support/fake-stage.ts';
import { folder, useFolder } from '../support/folder.ts';
import {
  type Finished,
  followUsher,
  type RunningUsher,
  startUsher,
  usher,
} from '../support/usher-process.ts';

interface Line {
  message: string;
  action: string;
  timestamp: string;
  contact_id?: string;
  user_id?: string;
  request_id: string;
  result: string;
  connection: string;
}

const ada = 'e0000000-0000-4000-8000-000000000001';
useFolder();
let running: RunningUsher;
let stage: FakeStage;
/** What the local stack has logged, which the stage's log group has as well. */
let logged: Line[];

const logs = (...args: string[]) => ['logs', ...args];
const local = (args: readonly string[]) => usher([...args, '--port', String(running.port)], folder);
const deployed = (args: readonly string[]) => usher([...args, '--stage', 'test'], folder, stage.env);

async function send(connection: string, action: string, contact: string): Promise<void> {
  const key = String(running.ready.connections[connection]?.access_key);
  const query = new URLSearchParams({ wpf_action: action, access_key: key, contact_id: contact });
  await fetch(`${running.ready.webhook}?${query}`);
}

/** Whether everything has happened: the effects of two users, and the jobs of what was too slow to be answered. */
function isOver(lines: readonly Line[]): boolean {
  const jobs = lines.filter(({ message }) => message === 'job');
  const isDone = ({ request_id: id }: Line) => jobs.some((job) => job.request_id === id);
  const effects = jobs.filter(({ action }) => action === 'effects');
  return effects.length === 2 && lines.filter(({ result }) => result === 'queued').every(isDone);
}

/** The lines of the log file, when there are no more to come. */
async function wholeLog(): Promise<Line[]> {
  for (let looks = 0; looks < 600; looks += 1) {
    const lines = jsonLines(await readFile(running.ready.log, 'utf8')) as Line[];
    if (isOver(lines)) return lines;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The log never came to an end.');
}

let events = 0;

/** A line as the Lambda's logger writes it to the log group. */
function logEvent(line: object, timestamp: string) {
  const message = JSON.stringify({ level: 'INFO', service: 'usher', ...line, timestamp });
  events += 1;
  return { eventId: String(events), timestamp: Date.parse(timestamp), message };
}

beforeAll(async () => {
  running = await startUsher(['--port', '0'], folder);
  stage = await startFakeStage(running.ready);
  await send('encharge', 'add', ada);
  await send('encharge', 'update', ada);
  await send('encharge', 'update', 'grace@example.com');
  await send('userengage', 'add', '2');
  logged = await wholeLog();
  for (const line of logged) {
    stage.account.logEvents.push(logEvent(line, line.timestamp));
    // Its metrics are in the log group too.
    const { connection, timestamp } = line;
    const metrics = JSON.stringify({ _aws: {}, service: 'usher', connection, result: line.result });
    stage.account.logEvents.push({ ...logEvent({}, timestamp), message: metrics });
  }
});
afterAll(async () => {
  await stage.stop();
  await running.end('SIGINT');
});

type Case = [args: string[], isWanted: (line: Line) => boolean];

const everything: Case[] = [
  [[], () => true],
  [['--since', '2020-01-01'], () => true],
  [['--contact', ada.toUpperCase()], (line) => line.contact_id === ada],
  [['--request', 'nobody'], () => false],
];
const filtered: Case[] = [
  [['--contact', 'grace@example.com'], (line) => line.contact_id === loggedId('grace@example.com', false)],
  [
    ['--connection', 'encharge', '--result', 'created'],
    (line) => line.connection === 'encharge' && line.result === 'created',
  ],
  [['--result', '"quoted" || *'], () => false],
];

describe.each([
  ['the local stack', (): typeof local => local, [...everything, ...filtered]],
  ['a stage', (): typeof local => deployed, filtered],
])('usher logs, %s', (_name, runner, cases) => {
  const run = (args: readonly string[]) => runner()(args);
  const times = (lines: unknown[]) => lines.map((line) => (line as Line).timestamp);

  it('shows the lines that are asked for', async () => {
    const results = await Promise.all(
      cases.map(async ([args]) => ({ args, ...(await run(logs(...args, '--json'))) })),
    );
    expect(results.map(({ args, code, out }) => [args, code, times(jsonLines(out))])).toEqual(
      cases.map(([args, isWanted]) => [args, 0, times(logged.filter(isWanted))]),
    );
  });

  it('shows a webhook with its jobs', async () => {
    const request = String(logged[0]?.request_id);
    const { out } = await run(logs('--request', request, '--json'));
    const actions = (jsonLines(out) as Line[]).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['add', 'effects']));
  });

  it('shows a line for each event, to people', async () => {
    const created = logged.find(({ result }) => result === 'created');
    const { code, out, err } = await run(logs('--user', String(created?.user_id), '--result', 'created'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}(webhook|job {4}) {2}add {10}encharge {4}created {2}.*\d+ ms {2}contact e0000000-/,
    );
    expect(out).toContain(`user ${created?.user_id}`);
    expect(out).toContain(`request ${created?.request_id}\n`);
  });

  it('says when there is nothing', async () => {
    const { code, out, err } = await run(logs('--contact', 'nobody'));
    expect({ code, out, err }).toEqual({
      code: 0,
      out: '',
      err: expect.stringMatching(/^No such lines since /),
    });
  });
});

describe('usher logs --follow', () => {
  it('shows what happens from now on, until Ctrl-C', async () => {
    const following = followUsher(
      logs('--follow', '--contact', 'new', '--port', String(running.port)),
      folder,
    );
    await send('encharge', 'update', 'old');
    await send('encharge', 'update', 'new');
    expect(await following.line('webhook')).toContain(`contact ${loggedId('new', false)}`);
    following.kill('SIGINT');
    expect(await following.ended).toBe(0);
  });

  it('does so for a stage, and shows nothing twice', async () => {
    const following = followUsher(logs('--follow', '--json', '--stage', 'test'), folder, stage.env);
    await following.line('effects');
    const late = new Date(Date.now() - 5000).toISOString();
    const line = { message: 'webhook', contact_id: 'late', request_id: 'r' };
    stage.account.logEvents.push(logEvent(line, late), logEvent({ ...line, contact_id: 'last' }, late));
    await following.line('"last"');
    following.kill('SIGTERM');
    expect(await following.ended).toBe(0);
    const { lines } = following;
    expect(lines.filter((text) => text.includes('"late"'))).toHaveLength(1);
    expect(new Set(lines).size).toBe(lines.length);
  });
});

describe('usher logs', () => {
  it('keeps control characters of a log from the terminal', async () => {
    const now = new Date().toISOString();
    stage.account.logEvents.push(
      logEvent({ message: 'odd \u001b[2J\u202e', detail: '\u009b2J', request_id: 'odd' }, now),
      { ...logEvent({}, now), message: 'no JSON at all' },
    );
    const { out } = await deployed(logs('--request', 'odd'));
    expect(out).toContain('odd \\u{1b}[2J\\u{202e}  {"detail":"\\u{9b}2J"');
    expect(out.trim().split('\n')).toHaveLength(1);
  });

  it('says what is wrong', async () => {
    stage.refuse('FilterLogEvents', 'AccessDeniedException');
    await expectRefusals(deployed, [[logs(), 1, 'may not do this (FilterLogEvents)']]);
    stage.allowAll();
    const env = { ...withoutCredentials(), AWS_ENDPOINT_URL_CLOUDFORMATION: stage.endpoint };
    const bare = (args: readonly string[]): Promise<Finished> => usher(args, folder, env);
    await expectRefusals(bare, [
      [logs('--stage', 'test'), 1, 'No AWS credentials were found'],
      [logs('--port', '9'), 1, 'No local stack is running on port 9'],
      [logs('--since', 'yesterday'), 2, 'Write it as 90s'],
      [logs('--contact'), 2, 'argument missing'],
    ]);
  });

  it('followed, ends with the local stack', async () => {
    const other = await startUsher(['--port', '0'], folder);
    const following = followUsher(logs('--follow', '--port', String(other.port)), folder);
    const key = String(other.ready.connections['encharge']?.access_key);
    await fetch(`${other.ready.webhook}?wpf_action=test&access_key=${key}`);
    await following.line('test');
    await other.end('SIGINT');
    expect(await following.ended).toBe(0);
  });
});
