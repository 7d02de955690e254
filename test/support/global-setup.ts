import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type DynamoDb, startDynamoDb } from '../../lib/dev/dynamodb.ts';
import { type JobQueue, startQueue } from '../../lib/dev/queue.ts';

declare global {
  var sharedDynamoDb: DynamoDb | undefined;
  var sharedSqs: JobQueue | undefined;
}

/** Hundreds of tests start a command as a process: from a few files, as here, that takes a third of the processor time. */
async function bundleCommands(outdir: string): Promise<void> {
  await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: { usher: 'bin/usher.ts', bulk: 'test/support/bulk-child.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // `usher dev` alone needs it, and is run from its own files.
    external: ['*/local-stack.ts'],
    banner: { js: "const require = process.getBuiltinModule('module').createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}

/** One DynamoDB Local and one SQS for all test files; each makes tables and queues of its own. */
export default async function setUp(): Promise<void> {
  // The JVMs of a test run live for seconds or minutes: the second compiler takes more time than it saves, and to verify
  // the classes of a package that npm has checked is a third of their start.
  process.env['JDK_JAVA_OPTIONS'] =
    '-XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote';
  const folder = await mkdtemp(join(tmpdir(), 'usher-test-logs-'));
  process.env['TEST_LOGS'] = folder;
  [globalThis.sharedDynamoDb, globalThis.sharedSqs] = await Promise.all([
    startDynamoDb(),
    startQueue(),
    bundleCommands(join(folder, 'cli')),
  ]);
  process.env['TEST_DYNAMODB'] = globalThis.sharedDynamoDb.endpoint;
  process.env['TEST_SQS'] = globalThis.sharedSqs.endpoint;
}
