import type { Hono } from 'hono';
import { actionNames } from '../../../functions/actions/actions.ts';
import { since as sinceOf } from '../../commands/support/since.ts';
import type { About } from '../answers.ts';
import type { Env } from '../guard.ts';
import type { Parts } from '../parts.ts';

/** So many come first, which a page shows at once; the others follow when it can be used. */
const firstLines = 200;
const mostLines = 10_000;

/** What the page is over, and the lines of its log. */
export function addLineRoutes(app: Hono<Env>, { current, store, readOnly, traces, now }: Parts): void {
  app.get('/api/about', async (context) => {
    const about = await current.use(({ title, stage, config, dashboardUrl, local }): Promise<About> => {
      const connections = Object.entries(config.connections).map(([name, { crm }]) => ({ name, crm }));
      return Promise.resolve({
        title,
        isLocal: stage === undefined,
        hasTraces: traces !== undefined,
        ...(readOnly === undefined ? {} : { readOnly }),
        connections,
        actions: actionNames,
        roles: config.roles.list,
        ...(dashboardUrl === undefined ? {} : { dashboardUrl }),
        ...(local === undefined ? {} : { inbox: local.inbox }),
        sandboxes: Object.keys(local?.sandboxes ?? {}),
      });
    });
    return context.json(about);
  });
  app.get('/api/trace', (context) => {
    const { request = '', user = '' } = context.req.query();
    return context.json({ trace: traces?.of(request), written: traces?.writtenTo(user) ?? [] });
  });
  app.get('/api/lines', async (context) => {
    await current.refresh();
    const { after, before, since } = context.req.query();
    const reach = since === undefined ? undefined : sinceOf(since, now());
    if (reach) store.reachBack(reach);
    if (before !== undefined) return context.json(store.before(Number(before)));
    return context.json(
      after === undefined ? store.after(0, firstLines) : store.after(Number(after), mostLines),
    );
  });
}
