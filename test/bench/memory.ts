import { startJobPoller } from '../../lib/dev/job-poller.ts';
import { type LocalStack, startLocalStack } from '../../lib/dev/local-stack.ts';
import config from '../../usher.config.ts';
import { type BundleProcess, bundleEnvironment, startBundleProcess } from '../support/bundle-process.ts';
import { type FakeSes, startFakeSes } from '../support/fake-ses.ts';
import { builtFunction } from './built-function.ts';
import { inParallel } from './in-parallel.ts';
import { idsOf } from './load-people.ts';
import { print, printTable } from './report.ts';
import { webhookEvent } from './webhook-event.ts';

const adds = 500;
const updatesEach = 3;
/** For each kind of webhook, in milliseconds: a slow machine handles fewer. */
const longest = 15_000;

const megabytes = (bytes: number) => Math.round(bytes / 1_000_000);

/** Sends a webhook for each of the ids, one after the other as Lambda does. How many were answered with 200. */
async function handle(
  bundle: BundleProcess,
  stack: LocalStack,
  query: Record<string, string>,
  ids: string[],
) {
  const { accessKey: access_key = '' } = stack.connections['encharge'] ?? {};
  const answers = await inParallel(ids, 1, longest, async (id) => {
    const answer = await bundle.invoke(webhookEvent({ access_key, ...query }, { id }));
    return (answer as { statusCode?: number }).statusCode;
  });
  return answers.filter((status) => status === 200).length;
}

/** Adds people, then changes and updates them. How many of each were answered. */
async function sendAll(
  stack: LocalStack,
  bundle: BundleProcess,
): Promise<{ added: number; updated: number }> {
  const ids = idsOf({ first: 1, count: adds });
  const people = stack.connections['encharge']?.sandbox?.people;
  const change = (score: number) => {
    for (const id of ids) {
      const email = `person-${id.slice(-12)}@example.com`;
      people?.put({ id, email, tags: ['customer'], fields: { firstName: 'Ada', score } });
    }
  };
  change(0);
  const added = await handle(bundle, stack, { wpf_action: 'add', send_notification: 'true' }, ids);
  let updated = 0;
  for (let score = 1; score <= updatesEach; score += 1) {
    change(score);
    updated += await handle(bundle, stack, { wpf_action: 'update' }, ids.slice(0, added));
  }
  return { added, updated };
}

async function measure(stack: LocalStack, ses: FakeSes, bundle: BundleProcess): Promise<void> {
  const before = await bundle.memory();
  const poller = await startJobPoller(bundle.invoke, {
    sqs: stack.services.sqs,
    queueUrl: stack.queueUrl,
    pollers: 1,
    functionTimeoutMs: 30_000,
    onError: (error) => print(`  ${String(error)}`),
  });
  try {
    const { added, updated } = await sendAll(stack, bundle);
    await poller.idle();
    const after = await bundle.memory();
    printTable(
      'Resident memory of a process with nothing but the function, MB (goal: at most 150)',
      ['', 'MB'],
      [
        ['loaded', megabytes(before.now)],
        [`after ${added} adds, ${updated} updates, ${ses.mails.length} welcome mails`, megabytes(after.now)],
        ['at most', megabytes(after.peak)],
      ],
    );
  } finally {
    await poller.stop();
  }
}

/** What the built function keeps of 2,000 webhooks and their jobs. */
export async function memory(): Promise<void> {
  const { path } = await builtFunction();
  const ses = await startFakeSes();
  try {
    const stack = await startLocalStack({
      config,
      port: 0,
      log: { record: () => undefined, problem: () => undefined },
      running: { ses: ses.endpoint },
      withPoller: false,
      onError: (error) => print(`  ${String(error)}`),
    });
    try {
      const bundle = await startBundleProcess(path, bundleEnvironment(stack));
      try {
        await measure(stack, ses, bundle);
      } finally {
        await bundle.stop();
      }
    } finally {
      await stack.stop();
    }
  } finally {
    await ses.stop();
  }
}
