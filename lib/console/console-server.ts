import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { DeploymentOptions } from '../commands/support/deployment.ts';
import { closeServer, listenOnLoopback, loopbackHost } from '../dev/loopback-server.ts';
import type { Traces } from '../dev/traces.ts';
import { ConsoleProblem, currentDeployment } from './current-deployment.ts';
import { type Env, expectSession, expectWriter, withHeaders } from './guard.ts';
import { followLines } from './line-store.ts';
import { bundlePage, pageHtml } from './page-files.ts';
import type { Parts } from './parts.ts';
import { createReplays } from './replays.ts';
import { addAgainRoutes } from './routes/again.ts';
import { addLineRoutes } from './routes/lines.ts';
import { addMailRoutes } from './routes/mail.ts';
import { addSandboxRoutes } from './routes/sandbox.ts';
import { addSetupRoutes } from './routes/setup.ts';
import { addUserRoutes } from './routes/users.ts';
import { createSession } from './session.ts';

export interface ConsoleOptions extends DeploymentOptions {
  /** The console's own port; 0 lets the system choose one. */
  consolePort: number;
  /** Over a stage nothing is changed without it. */
  write: boolean;
  since: Date;
  /** What the local stack of this process keeps of its requests. */
  traces?: Traces | undefined;
}

/** A page over a deployment, for the person at this machine. */
export interface Console {
  /** With the token that opens it, once. */
  address: string;
  stop(): Promise<void>;
}

const lockedFor = (stage: string) =>
  `This console only reads. Start it with "npx usher console --stage ${stage} --write" to change something.`;

function pageRoutes(app: Hono<Env>): void {
  let files: ReturnType<typeof bundlePage> | undefined;
  const bundled = () => {
    files ??= bundlePage();
    return files;
  };
  app.get('/page.js', async (context) =>
    context.body((await bundled()).script, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );
  app.get('/page.css', async (context) =>
    context.body((await bundled()).style, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
  app.get('*', (context) => {
    // Ready by the time that the browser asks for it, which then gets to know of an error too.
    void bundled().catch(() => undefined);
    return context.html(pageHtml);
  });
}

function appOf(parts: Parts, session: ReturnType<typeof createSession>): Hono<Env> {
  const app = new Hono<Env>();
  app.use(withHeaders, expectSession(session), expectWriter(parts.readOnly));
  app.onError((error, context) => {
    const { message } = error;
    if (error instanceof ConsoleProblem) return context.json({ error: message }, 503);
    return context.json({ error: `Something went wrong in the console: ${message}` }, 500);
  });
  addLineRoutes(app, parts);
  addAgainRoutes(app, parts);
  addUserRoutes(app, parts);
  addMailRoutes(app, parts);
  addSetupRoutes(app, parts);
  addSandboxRoutes(app, parts);
  app.all('/api/*', (context) => context.json({ error: 'There is no such thing here.' }, 404));
  pageRoutes(app);
  return app;
}

/**
 * Serves the console on 127.0.0.1. Requests of other pages and for other names end at the listener; the rest needs the
 * session, and to write its header, too.
 *
 * @throws LocalStackError when the port is taken
 */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { stage, port, consolePort, write, since } = options;
  const readOnly = stage === undefined || write ? undefined : lockedFor(stage);
  const current = currentDeployment({ ...(stage === undefined ? {} : { stage }), port }, readOnly);
  const store = followLines(current, since);
  const title = stage === undefined ? `the local stack on port ${port}` : `stage ${stage}`;
  const replays = createReplays(current, title, process.cwd());
  const session = createSession();
  const app = appOf(
    { current, store, replays, readOnly, traces: options.traces, now: () => new Date() },
    session,
  );
  // The local stack runs in this process too, and has Node's own requests and answers.
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => void listener(request, response));
  const own = await listenOnLoopback(server, consolePort, 'the console').catch((error: unknown) => {
    store.stop();
    throw error;
  });
  return {
    address: `http://${loopbackHost}:${own}/?token=${session.token}`,
    async stop() {
      store.stop();
      await closeServer(server);
      current.close();
    },
  };
}
