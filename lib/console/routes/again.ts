import type { Hono } from 'hono';
import * as z from 'zod';
import { actionNames, actionOf } from '../../../functions/actions/actions.ts';
import { readPace, resume } from '../../../functions/pace/pace-item.ts';
import { paceReport } from '../../../functions/pace/pace-report.ts';
import { deadJobLine } from '../../commands/support/dead-job-line.ts';
import { type DeadJob, dropJobs, replayJobs, takeDeadJobs } from '../../commands/support/dead-letters.ts';
import type { Deployment } from '../../commands/support/deployment.ts';
import { forEachDeadJob } from '../../commands/support/for-each-dead-job.ts';
import { paceLine } from '../../commands/support/pace-line.ts';
import { queueDepth } from '../../commands/support/queue-depth.ts';
import { connectionOf } from '../../commands/support/stored-secret.ts';
import type { Depth, Slowed } from '../answers.ts';
import type { Env } from '../guard.ts';
import type { Parts } from '../parts.ts';
import { readBody } from '../read-body.ts';
import { reasons } from '../reasons.ts';
import { sentence } from '../why.ts';

const repeatable = actionNames.filter((name) => 'run' in actionOf(name));
const contact = z.strictObject({
  action: z.enum(repeatable),
  connection: z.string(),
  contactId: z.string().min(1).max(256),
  role: z.string().optional(),
  notify: z.boolean(),
  receivedAt: z.iso.datetime(),
});
const replayBody = z.strictObject({ contacts: z.array(contact).min(1).max(20_000) });
const deadBody = z.strictObject({ job: z.string().optional(), connection: z.string().optional() });

/** As many as a page shows. */
const mostDead = 100;

async function deadJobs(deployment: Deployment): Promise<ReturnType<typeof deadJobLine>[]> {
  const found: DeadJob[] = [];
  for await (const jobs of takeDeadJobs(deployment, new Set())) {
    found.push(...jobs);
    if (found.length >= mostDead) break;
  }
  return found.map(deadJobLine);
}

async function depthOf({ sqs, queueUrl, deadLetterUrl }: Deployment, now: Date): Promise<Depth> {
  const [jobs, dead] = await Promise.all([queueDepth(sqs, queueUrl), queueDepth(sqs, deadLetterUrl)]);
  return { at: now.toISOString(), ...jobs, dead: dead.waiting + dead.taken };
}

async function slowed({ users, config }: Deployment): Promise<Slowed[]> {
  const found = await Promise.all(
    Object.keys(config.connections).map(async (connection) => {
      const report = paceReport(await readPace(users, connection), users.now().getTime());
      if (!report) return [];
      return [{ connection, sentence: paceLine(report) ?? '', next: sentence(reasons[report.reason].next) }];
    }),
  );
  return found.flat();
}

/** What can be tried again: single contacts, what a filter shows, jobs that were given up, a CRM that was slow. */
export function addAgainRoutes(app: Hono<Env>, { current, store, replays, now }: Parts): void {
  app.get('/api/replays', async (context) => context.json({ replays: await replays.list(store.all()) }));
  app.post('/api/replays', async (context) => {
    const { contacts } = await readBody(context, replayBody);
    const given = contacts.map(({ role, ...rest }) => ({ ...rest, ...(role === undefined ? {} : { role }) }));
    return context.json({ id: await replays.start(given) }, 201);
  });
  app.get('/api/replays/:id', async (context) =>
    context.json({ contacts: await replays.contacts(context.req.param('id'), store.all()) }),
  );
  app.post('/api/replays/:id', async (context) => {
    await replays.goOn(context.req.param('id'));
    return context.json({});
  });
  app.get('/api/queue', async (context) => context.json(await current.use((one) => depthOf(one, now()))));
  // Looking at them hides them for a moment, which is more than reading.
  app.post('/api/dead', async (context) => context.json({ jobs: await current.use(deadJobs) }));
  for (const [path, work] of [
    ['replay', (letters, jobs) => replayJobs(letters, jobs, now())],
    ['drop', dropJobs],
  ] as [string, typeof dropJobs][]) {
    app.post(`/api/dead/${path}`, async (context) => {
      const { job, connection } = await readBody(context, deadBody);
      const wanted = {
        ...(job === undefined ? {} : { job }),
        ...(connection === undefined ? {} : { connection }),
      };
      return context.json(await current.use((one) => forEachDeadJob(one, wanted, work, () => undefined)));
    });
  }
  app.get('/api/slowed', async (context) => context.json({ slowed: await current.use(slowed) }));
  app.post('/api/slowed/:connection', async (context) => {
    const connection = context.req.param('connection');
    await current.use(async (deployment) => {
      connectionOf(deployment, connection);
      await resume(deployment.users, connection);
    });
    return context.json({});
  });
}
