import { createLog } from '../../functions/runtime/log.ts';
import { contactKey } from '../../functions/users/items.ts';
import { readItems } from '../../functions/users/read-items.ts';
import { startLocalStack } from '../../lib/dev/local-stack.ts';
import config from '../../usher.config.ts';
import { startFakeSes } from '../support/fake-ses.ts';
import { serveRemote } from '../support/serve-remote.ts';
import { cpuMs } from './cpu-time.ts';
import { idsOf, type People } from './load-people.ts';
import type { Surroundings } from './load-surroundings.ts';

/** Usher as `npm start` runs it, with the Lambda's log, against the services of the bench. */
const { dynamodb, crmUrl, crmToken, hasEffects } = JSON.parse(process.argv[2] ?? '{}') as Surroundings;
const ses = await startFakeSes();
const { encharge } = config.connections;
if (!encharge) throw new Error('The bench needs a connection called encharge.');
const { returnPassword: _returnPassword, ...quiet } = encharge;
const stack = await startLocalStack({
  config: {
    ...config,
    connections: { encharge: hasEffects ? { ...quiet, returnPassword: { field: 'wpPassword' } } : quiet },
  },
  port: 0,
  log: createLog('Usher'),
  running: { dynamodb, ses: ses.endpoint },
  tableName: hasEffects ? 'usher-with-effects' : 'usher',
  crmUrls: { encharge: crmUrl },
  tokens: { encharge: crmToken },
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});

const users = { documents: stack.services.documents, name: stack.table, now: () => new Date() };
let peak = 0;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 250).unref();

serveRemote(
  {
    webhook: () => `${stack.webhook}?access_key=${stack.connections['encharge']?.accessKey}`,
    cpuMs,
    /** Resolves when every job is done. */
    idle: () => stack.poller?.idle(),
    mails: () => ses.mails.length,
    async applied(people: People): Promise<number> {
      const links = idsOf(people).map((id) => contactKey('encharge', id));
      return (await readItems(users, links)).length;
    },
    peakMb(): number {
      const peakMb = peak / 2 ** 20;
      peak = 0;
      return peakMb;
    },
  },
  async () => {
    await stack.stop();
    await ses.stop();
  },
);
