import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CrmName } from '../../functions/crm/registry.ts';
import type { LocalStack } from './local-stack.ts';
import { LocalStackError } from './local-stack-error.ts';

/** What `usher dev --json` prints, and what other commands need to find the stack. */
export interface StackDescription {
  ready: true;
  webhook: string;
  inbox: string;
  endpoints: LocalStack['endpoints'];
  table: string;
  queue: string;
  dead_letters: string;
  /** Connection → id of its secret. */
  secrets: Record<string, string>;
  /** What the site's own servers send, and the id of the secret that holds it. */
  site_key: string;
  site_secret: string;
  /** File with the log lines of this run, as JSON. */
  log: string;
  connections: Record<string, { crm: CrmName; access_key: string; crm_url: string; sandbox?: string }>;
}

export function describeStack(stack: LocalStack, log: string): StackDescription {
  const connections = Object.entries(stack.connections).map(([name, { crm, accessKey, crmUrl, sandbox }]) => [
    name,
    { crm, access_key: accessKey, crm_url: crmUrl, ...(sandbox ? { sandbox: sandbox.control } : {}) },
  ]);
  return {
    ready: true,
    webhook: stack.webhook,
    inbox: stack.inbox,
    endpoints: stack.endpoints,
    table: stack.table,
    queue: stack.queueUrl,
    dead_letters: stack.deadLetterUrl,
    secrets: stack.secretIds,
    site_key: stack.site.key,
    site_secret: stack.site.secretId,
    log,
    connections: Object.fromEntries(connections),
  };
}

/** The file that tells of the stack on a port. */
export const stackFileOf = (folder: string, port: number) => join(folder, '.usher', `dev-${port}.json`);

/** Opens the file that a run's log lines go to, for `usher logs`. */
export async function openLogFile(folder: string, pid: number): Promise<WriteStream> {
  const file = join(folder, '.usher', `dev-${pid}.log`);
  await mkdir(dirname(file), { recursive: true });
  await rm(file, { force: true });
  // Commands that change a user write into it too: what is appended is never written over.
  return createWriteStream(file, { flags: 'a', mode: 0o600 });
}

/** Leaves word of a running stack, for the commands that talk to it. Keys are in it, so only its owner may read it. */
export async function writeStackFile(folder: string, description: StackDescription): Promise<void> {
  const file = stackFileOf(folder, Number(new URL(description.webhook).port));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(description), { mode: 0o600 });
}

export async function removeStackFile(folder: string, { webhook, log }: StackDescription): Promise<void> {
  await rm(stackFileOf(folder, Number(new URL(webhook).port)), { force: true });
  await rm(log, { force: true });
}

/** @throws LocalStackError when no stack was started with this port */
export async function readStackFile(folder: string, port: number): Promise<StackDescription> {
  try {
    return JSON.parse(await readFile(stackFileOf(folder, port), 'utf8')) as StackDescription;
  } catch (error) {
    throw new LocalStackError(
      `No local stack is running on port ${port}. Start one with "npm start", or name its --port.`,
      { cause: error },
    );
  }
}
