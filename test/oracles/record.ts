import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { inspect } from 'node:util';
import { type CrmName, crmNames } from '../../functions/crm/registry.ts';
import { passwordField } from '../../lib/dev/further-connections.ts';
import { startSandbox } from '../../lib/sandbox/start-sandbox.ts';
import { entries } from '../connectors/entries.ts';
import { type Difference, type Oracle, type Step, steps } from './oracle.ts';
import { startRecordingProxy } from './recording-proxy.ts';

type Person = Oracle['person'];

/** What a file `<crm>.mjs` exports. */
interface OracleModule {
  /** The package, as `package.json` names it. */
  sdk: string;
  /** The vendor's client, ready to ask the sandbox. */
  open(account: {
    /** Of the server, without a slash. */
    origin: string;
    /** Where the API is, as the connector's base URL, without a slash at its end. */
    url: string;
    settings: object;
    secrets: Readonly<Record<string, string>>;
  }): Record<Step, (person: Person, field: string, value: string) => Promise<unknown>>;
  differs?: readonly Difference[];
}

const folder = import.meta.dirname;
const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

/** The plus is there to be escaped. */
const email = 'ada+x@example.com';
const value = 'fake-password';

/** Has a vendor's client ask the sandbox for one person, and writes down its requests. */
async function record(crm: CrmName): Promise<void> {
  const { sdk, open, differs = [] } = (await import(join(folder, `${crm}.mjs`))) as OracleModule;
  const { credentials, baseUrls } = entries[crm];
  const sandbox = await startSandbox(crm, { token: credentials.apiToken, secrets: credentials });
  const { origin, pathname } = new URL(sandbox.url);
  const proxy = await startRecordingProxy(origin);
  try {
    const { id } = sandbox.people.put({ email, tags: ['customer'], fields: { firstName: 'Ada' } });
    const account = { settings: baseUrls[0]?.[0] ?? {}, secrets: credentials };
    const url = `${proxy.origin}${pathname.replace(/\/$/, '')}`;
    const client = open({ ...account, origin: proxy.origin, url });
    const [person, field] = [{ id, email }, passwordField(crm)];
    const requests: Oracle['requests'] = { load: [], find: [], write: [] };
    for (const step of steps) {
      await client[step](person, field, value);
      requests[step] = proxy.take();
    }
    const refused = sandbox.requests.list().filter(({ status }) => status === null || status >= 400);
    if (refused.length > 0) throw new Error(`The sandbox refuses ${JSON.stringify(refused)}`);
    if (sandbox.people.get(id)?.fields['wp_password'] !== value) throw new Error('Nothing was written.');
    const oracle: Oracle = { sdk: `${sdk} ${dependencies[sdk]}`, person, field, value, requests, differs };
    await writeFile(join(folder, `${crm}.json`), `${JSON.stringify(oracle, null, 2)}\n`);
  } finally {
    await proxy.stop();
    await sandbox.stop();
  }
}

const files = (await readdir(folder)).filter((file) => file.endsWith('.mjs'));
const known = new Set<string>(crmNames);
const named = process.argv.slice(2);
for (const crm of files.map((file) => basename(file, '.mjs')).sort()) {
  if (!known.has(crm) || (named.length > 0 && !named.includes(crm))) continue;
  try {
    await record(crm as CrmName);
    process.stdout.write(`${crm}: recorded\n`);
  } catch (error) {
    process.stderr.write(`${crm}: ${inspect(error, { depth: 1 })}\n`);
    process.exitCode = 1;
  }
}
