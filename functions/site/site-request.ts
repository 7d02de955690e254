import type { Invocation } from '../runtime/invocation.ts';
import type { Line } from '../runtime/log.ts';
import type { Services } from '../runtime/services.ts';
import type { UserTable } from '../users/user-table.ts';

/** One request of the site's side, read as far as every part of it needs. */
export interface SiteRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** With lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  /** @throws SiteError `payload_too_large`, `malformed_body` */
  text(): string;
  /** Of whoever sent it, as API Gateway saw it. */
  sourceIp: string;
  requestId: string;
  services: Services;
  users: UserTable;
  invocation: Invocation;
  /** What the log will say. */
  line: Line;
}

/** An answer as HTTP has it. */
export interface SiteAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What is done at one path with one method. */
export type SiteRoute = (request: SiteRequest) => Promise<SiteAnswer>;
