import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** A name under which others may reach some paths of a listener: a tunnel's. */
export interface PublicHost {
  readonly name: string;
  readonly isReachable: (path: string) => boolean;
}

export interface Refusal {
  readonly status: 403 | 421;
  readonly reason: string;
}

/** No name that somebody else could point here is among these. */
const ownNames = ['127.0.0.1', 'localhost', '[::1]'];
const httpPort = 80;

const only = (values: readonly string[] | undefined): string | undefined =>
  values?.length === 1 ? values[0]?.toLowerCase() : undefined;

/** A page that names itself nowhere (`no-referrer`) sends forms with an Origin that is `null`, and the rest without any. */
const isUnnamed = ({ headers }: IncomingMessage, origins: readonly string[] | undefined): boolean =>
  origins === undefined || (only(origins) === 'null' && headers['sec-fetch-site'] === 'same-origin');

/** A page's requests that carry no Origin, such as those for images and scripts, say here whose they are. */
function isOfForeignPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  // Whoever follows a link gets to see the page, and the one with the link does not.
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return site !== undefined && site !== 'none' && site !== 'same-origin' && !isVisit;
}

/**
 * Why a request is not answered: it comes from a web page of somebody else. Such a page can send requests to this
 * machine's ports, and with a name of its own that it lets point to 127.0.0.1 it could read the answers too: keys,
 * tokens, mails, people. Clients that are no browsers send no Origin, and the Host of the URL they were given.
 *
 * https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
 */
export function refusalOf(request: IncomingMessage, publicHost?: PublicHost): Refusal | undefined {
  const port = request.socket.localPort;
  const own = ownNames.flatMap((name) =>
    port === httpPort ? [name, `${name}:${port}`] : [`${name}:${port}`],
  );
  const [path = ''] = (request.url ?? '').split('?');
  const shared = publicHost?.isReachable(path) ? publicHost.name : undefined;

  const host = only(request.headersDistinct['host']);
  if (host === undefined || !(own.includes(host) || host.replace(/:\d+$/, '') === shared)) {
    return { status: 421, reason: 'This is no address of the local stack.' };
  }
  const origins = request.headersDistinct['origin'];
  const origin = only(origins);
  const known = [
    ...own.map((name) => `http://${name}`),
    ...(shared ? [`https://${shared}`, `http://${shared}`] : []),
  ];
  if (isUnnamed(request, origins) ? isOfForeignPage(request) : !known.includes(String(origin))) {
    return { status: 403, reason: "The local stack is not another web page's to use." };
  }
  return undefined;
}

/** Lets a server's own code, whoever wrote it, see only requests that are not refused. */
export function refuseForeignRequests(server: Server, publicHost?: PublicHost): void {
  const emit = server.emit.bind(server) as (event: string | symbol, ...rest: unknown[]) => boolean;
  server.emit = (event: string | symbol, ...rest: unknown[]): boolean => {
    if (event !== 'request') return emit(event, ...rest);
    const [request, response] = rest as [IncomingMessage, ServerResponse];
    const refusal = refusalOf(request, publicHost);
    if (!refusal) return emit(event, ...rest);
    request.resume();
    response.writeHead(refusal.status, { 'content-type': 'text/plain' }).end(`${refusal.reason}\n`);
    return true;
  };
}
