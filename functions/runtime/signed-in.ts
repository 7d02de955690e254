import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Credentials } from '../crm/connector.ts';
import type { FetchToken } from '../crm/crm-call.ts';
import { CrmUnavailable } from '../crm/crm-errors.ts';
import { UsherError } from '../errors.ts';
import type { Key } from '../users/items.ts';
import { isConditionFailure, type UserTable } from '../users/user-table.ts';
import type { AwsClients } from './aws-clients.ts';
import type { ConnectionSecret } from './connection-secret.ts';
import type { KeyRing } from './key-ring.ts';
import { changeSecretVersion, readSecretVersion } from './stored-secret.ts';

export const signInKey = (connection: string): Key => ({ pk: `SIGNIN#${connection}`, sk: 'SIGNIN' });

/** A token that ends sooner than this may have ended when it gets there. In milliseconds. */
const marginMs = 60_000;
/** Who has died while it fetched a token is in nobody's way after so long, in milliseconds. */
const lockMs = 30_000;
/** Somebody else fetches the token: look again after so long, in milliseconds. */
const pauseMs = 500;

/** A token that was fetched just now is not fetched again because one contact is refused. In milliseconds. */
const youngMs = 60_000;

/** Whether the credentials hold a token that is good for a while. */
function isGood(known: Credentials, rejected: string | undefined, now: Date): boolean {
  const { accessToken, accessTokenSince = '', accessTokenEnds = '' } = known;
  if (accessToken === undefined) return false;
  const isYoung = now.getTime() - Date.parse(accessTokenSince) < youngMs;
  if (accessToken === rejected && !isYoung) return false;
  return Date.parse(accessTokenEnds) - now.getTime() > marginMs || isYoung;
}

interface Lock {
  /** Gives it up, unless somebody else has it by now. */
  end(): Promise<void>;
}

/** Undefined when somebody else is at it. */
async function lock({ table, connection, onProblem }: SignInPorts): Promise<Lock | undefined> {
  const now = table.now().getTime();
  const until = now + lockMs;
  const names = { TableName: table.name, ExpressionAttributeNames: { '#until': 'until' } };
  try {
    await table.documents.send(
      new PutCommand({
        ...names,
        Item: { ...signInKey(connection), until, expires: Math.ceil(until / 1000) },
        ConditionExpression: 'attribute_not_exists(pk) OR #until < :now',
        ExpressionAttributeValues: { ':now': now },
      }),
    );
  } catch (error) {
    if (isConditionFailure(error)) return undefined;
    throw error;
  }
  const gone = new DeleteCommand({
    ...names,
    Key: signInKey(connection),
    ConditionExpression: '#until = :until',
    ExpressionAttributeValues: { ':until': until },
  });
  // It ends by itself: what was fetched matters more.
  return { end: () => table.documents.send(gone).then(() => undefined, onProblem) };
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
  /** The lock could not be given up. */
  onProblem: (error: unknown) => void;
}

/**
 * The credentials of a connection with an `accessToken` that is good: the one that is stored, else a new one. One function at
 * a time fetches it, because vendors count sign-ins, and some end the token before with each. It is kept in the connection's
 * secret, with what has changed with it.
 *
 * @param rejected the token that the CRM has just refused
 * @throws CrmUnavailable when the invocation has no more time, UsherError `aws_unavailable` when the secret cannot be read or
 * changed
 */
export async function signedIn(
  ports: SignInPorts,
  fetchToken: FetchToken,
  rejected: string | undefined,
): Promise<Credentials> {
  const { keyRing, connection, now, sleep } = ports;
  const kept = await keyRing.credentials(connection);
  if (isGood(kept, rejected, now())) return kept;
  keyRing.doubt();
  for (;;) {
    const stored = await readStored(ports);
    if (isGood(stored, rejected, now())) return stored;
    const mine = await lock(ports);
    if (mine) {
      try {
        return await renew(ports, fetchToken, rejected);
      } finally {
        await mine.end();
      }
    }
    await sleep(pauseMs).catch((cause: unknown) => {
      throw new CrmUnavailable({ cause });
    });
  }
}

/** A secret that cannot be read or changed now may be in a moment. The reason may quote it. */
async function orUnavailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch {
    throw new UsherError('aws_unavailable', "The connection's secret cannot be read or changed right now.", {
      retryable: true,
    });
  }
}

const readStored = async ({ secrets, secretId }: SignInPorts): Promise<Credentials> =>
  (await orUnavailable(readSecretVersion(secrets, secretId))).secret.credentials;

/** Whoever had the lock before may have stored a token just now. */
async function renew(
  ports: SignInPorts,
  fetchToken: FetchToken,
  rejected: string | undefined,
): Promise<Credentials> {
  const { secrets, secretId, now } = ports;
  const known = await readStored(ports);
  if (isGood(known, rejected, now())) return known;
  const { accessToken, expiresInSeconds, changed } = await fetchToken(known);
  const since = now();
  const fetched = {
    ...changed,
    accessToken,
    accessTokenSince: since.toISOString(),
    accessTokenEnds: new Date(since.getTime() + 1000 * expiresInSeconds).toISOString(),
  };
  const change = ({ accessKeys, credentials }: ConnectionSecret) => ({
    accessKeys,
    credentials: { ...credentials, ...fetched },
  });
  return (await orUnavailable(changeSecretVersion(secrets, secretId, change))).credentials;
}
