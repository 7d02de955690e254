import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Credentials } from '../crm/connector.ts';
import type { FetchToken } from '../crm/crm-call.ts';
import { CrmUnavailable } from '../crm/crm-errors.ts';
import type { Key } from '../users/items.ts';
import { isConditionFailure, type UserTable } from '../users/user-table.ts';
import type { AwsClients } from './aws-clients.ts';
import type { KeyRing } from './key-ring.ts';
import { changeSecretVersion, readSecretVersion } from './stored-secret.ts';

export const signInKey = (connection: string): Key => ({ pk: `SIGNIN#${connection}`, sk: 'SIGNIN' });

/** A token that ends sooner than this may have ended when it gets there. In milliseconds. */
const marginMs = 60_000;
/** Who has died while it fetched a token is in nobody's way after so long, in milliseconds. */
const lockMs = 30_000;
/** Somebody else fetches the token: look again after so long, in milliseconds. */
const pauseMs = 500;

/** Whether the credentials hold a token that is good for a while. */
function isGood(
  { accessToken, accessTokenEnds = '' }: Credentials,
  rejected: string | undefined,
  now: Date,
): boolean {
  const leftMs = Date.parse(accessTokenEnds) - now.getTime();
  return accessToken !== undefined && accessToken !== rejected && leftMs > marginMs;
}

/** @returns whether nobody else is at it */
async function lock(table: UserTable, connection: string): Promise<boolean> {
  const now = table.now().getTime();
  const Item = { ...signInKey(connection), until: now + lockMs, expires: Math.ceil((now + lockMs) / 1000) };
  const put = new PutCommand({
    TableName: table.name,
    Item,
    ConditionExpression: 'attribute_not_exists(pk) OR #until < :now',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: { ':now': now },
  });
  return table.documents.send(put).then(
    () => true,
    (error: unknown) => {
      if (isConditionFailure(error)) return false;
      throw error;
    },
  );
}

/** Whom a token is fetched for. */
export interface SignInPorts {
  keyRing: Pick<KeyRing, 'credentials' | 'doubt'>;
  secrets: AwsClients['secrets'];
  now: () => Date;
  table: UserTable;
  connection: string;
  secretId: string;
  /** Rejects when the invocation has no more time. */
  sleep: (ms: number) => Promise<void>;
}

/**
 * The credentials of a connection with an `accessToken` that is good: the one that is stored, else a new one. One function at
 * a time fetches it, because vendors count sign-ins, and some end the token before with each. It is kept in the connection's
 * secret, with what has changed with it.
 *
 * @param rejected the token that the CRM has just refused
 * @throws CrmUnavailable when the invocation has no more time
 */
export async function signedIn(
  ports: SignInPorts,
  fetchToken: FetchToken,
  rejected: string | undefined,
): Promise<Credentials> {
  const { keyRing, secrets, table, connection, secretId, now, sleep } = ports;
  const kept = await keyRing.credentials(connection);
  if (isGood(kept, rejected, now())) return kept;
  keyRing.doubt();
  for (;;) {
    const { credentials } = (await readSecretVersion(secrets, secretId)).secret;
    if (isGood(credentials, rejected, now())) return credentials;
    if (await lock(table, connection)) {
      try {
        return await renew(ports, fetchToken, rejected);
      } finally {
        await table.documents.send(new DeleteCommand({ TableName: table.name, Key: signInKey(connection) }));
      }
    }
    await sleep(pauseMs).catch((cause: unknown) => {
      throw new CrmUnavailable({ cause });
    });
  }
}

/** Whoever had the lock before may have stored a token just now. */
async function renew(
  { secrets, secretId, now }: SignInPorts,
  fetchToken: FetchToken,
  rejected: string | undefined,
): Promise<Credentials> {
  const { credentials } = (await readSecretVersion(secrets, secretId)).secret;
  if (isGood(credentials, rejected, now())) return credentials;
  const { accessToken, expiresInSeconds, changed } = await fetchToken(credentials);
  const accessTokenEnds = new Date(now().getTime() + 1000 * expiresInSeconds).toISOString();
  const fetched = { ...changed, accessToken, accessTokenEnds };
  const stored = await changeSecretVersion(secrets, secretId, ({ accessKeys, credentials: before }) => ({
    accessKeys,
    credentials: { ...before, ...fetched },
  }));
  return stored.credentials;
}
