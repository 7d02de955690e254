import { UsherError } from '../errors.ts';
import type { KeyRing } from '../runtime/key-ring.ts';
import type { Step, WebhookContext, WebhookEvent } from './webhook-context.ts';

function fromHeaders({ headers }: WebhookEvent): string | undefined {
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  return headers['x-access-key']?.trim() || bearer;
}

/** A key in the body: some CRMs send the documented parameters as form fields. An unreadable body holds none. */
async function fromBody({ find }: WebhookContext): Promise<string | undefined> {
  try {
    const parameter = await find();
    return parameter('access_key');
  } catch (error) {
    if (error instanceof UsherError) return undefined;
    throw error;
  }
}

/** The same for whatever is wrong with a sender: it learns nothing. */
export const invalidKey = () =>
  new UsherError('invalid_access_key', 'The access key is missing, wrong or revoked.');

/**
 * Finds the connection by its access key. Wrong, revoked and missing keys get the same answer.
 * The body is read only when neither query nor headers hold a key.
 */
export function authenticate(keyRing: KeyRing): Step {
  return {
    async before({ event }) {
      const { context } = event;
      const key = context.query.get('access_key')?.trim() || fromHeaders(event) || (await fromBody(context));
      const connection =
        key === undefined ? undefined : await context.invocation.time('key', () => keyRing.connectionOf(key));
      if (connection === undefined) {
        throw invalidKey();
      }
      context.connection = connection;
      context.line.connection = connection;
    },
  };
}
