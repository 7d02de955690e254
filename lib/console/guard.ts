import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Session } from './session.ts';

/** What hono knows of a request here. */
export interface Env {
  Bindings: HttpBindings;
}

/** A page of somebody else cannot set it, not even from a form. */
export const writeHeader = 'x-usher-console';

const portOf = (request: IncomingMessage) => Number(request.socket.localPort);

/** Everything comes from here, and nothing runs that is not a file of the page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer; an answer that says something else itself keeps that. */
export const withHeaders: MiddlewareHandler<Env> = async (context, next) => {
  await next();
  const headers: Record<string, string> = {
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
  for (const [name, value] of Object.entries(headers))
    if (!context.res.headers.has(name)) context.res.headers.set(name, value);
};

const closed = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Usher</title>
<h1>This console is locked</h1>
<p>Open the address that the terminal has printed. It works once: for another browser run <code>npx usher console</code>, which prints a new one.</p></html>`;

const isApi = ({ req }: Context) => req.path.startsWith('/api/');

/** Lets in whoever has the session's cookie, and gives it once to the one with the token, which leaves the address. */
export function expectSession(session: Session): MiddlewareHandler<Env> {
  return (context, next) => {
    const name = session.cookieName(portOf(context.env.incoming));
    const token = context.req.query('token');
    const cookie = token === undefined ? undefined : session.begin(token);
    if (cookie !== undefined) {
      setCookie(context, name, cookie, { httpOnly: true, sameSite: 'Strict', path: '/' });
      return Promise.resolve(context.redirect('/', 303));
    }
    if (session.isOpen(getCookie(context, name))) return next();
    const answer = isApi(context)
      ? context.json(
          { error: 'This console is locked. Open the address that the terminal has printed.' },
          401,
        )
      : context.html(closed, 401);
    return Promise.resolve(answer);
  };
}

/** Questions whose words are in no address. They change nothing. */
const isQuestion = ({ req: { method, path } }: Context) =>
  method === 'GET' || method === 'HEAD' || path.startsWith('/api/ask/');

/**
 * Lets only those change something who say so.
 *
 * @param readOnly why nobody may; undefined where one may
 */
export function expectWriter(readOnly: string | undefined): MiddlewareHandler<Env> {
  return (context, next) => {
    if (isQuestion(context)) return next();
    const isSaid = context.req.header(writeHeader) === 'write';
    const reason = isSaid ? readOnly : "Only the console's own page may do this.";
    return reason === undefined ? next() : Promise.resolve(context.json({ error: reason }, 403));
  };
}
