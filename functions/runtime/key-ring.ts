import { createHash, timingSafeEqual } from 'node:crypto';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Credentials } from '../crm/connector.ts';
import { CrmAuthError } from '../crm/crm-errors.ts';
import { UsherError } from '../errors.ts';
import { readConnectionSecret } from './connection-secret.ts';

/** Finds the connection of an access key, and the CRM credentials of a connection. */
export interface KeyRing {
  /** The name of the connection a key belongs to, or undefined. */
  connectionOf(accessKey: string): Promise<string | undefined>;
  credentials(connection: string): Promise<Credentials>;
  /** What the CRM of a connection signs its webhooks with, where that is stored. */
  webhookSecret(connection: string): Promise<string | undefined>;
  /** The CRM refused the token: look for a new one before it is used again. */
  doubt(): void;
}

export interface KeyRingOptions {
  secrets: Pick<SecretsManagerClient, 'send'>;
  /** Connection → name or ARN of its secret. */
  secretIds: Readonly<Record<string, string>>;
  now: () => Date;
  /** Told of a secret that is missing or unreadable, and never of what it holds. */
  onProblem: (connection: string, error: unknown) => void;
}

/** A revoked key is accepted for so long at most, in milliseconds. */
export const freshMs = 5 * 60 * 1000;
/** A connection without keys is looked for again so soon, its webhooks get a 503 meanwhile; without any keys, at once. */
const incompleteMs = 1000;
/** A new key is accepted after so long at the latest: guessed keys must not turn into calls of Secrets Manager. */
export const refreshMs = 10_000;
/**
 * Keys of a secret that cannot be read any more count for so long, in milliseconds: an outage of Secrets Manager must not
 * shut out webhooks, and nobody knows which keys have been revoked in it.
 */
export const copyMs = 60 * 60 * 1000;
/** Webhooks wait for a secret, and have to be answered in time, be it from the last good copy. */
const patienceMs = 2000;

interface Ring {
  keys: { digest: Buffer; connection: string }[];
  credentials: Map<string, Credentials>;
  /** Connection → when its keys were read, in milliseconds. */
  readAt: Map<string, number>;
  /** A secret could not be read, and there is no copy of it: an unknown key may be one of its own. */
  isIncomplete: boolean;
  /** Connections of which nobody knows whether a token is stored: AWS did not hand out the secret. */
  unknown: Set<string>;
}

const digestOf = (key: string) => createHash('sha256').update(key).digest();

async function load(
  { secrets, secretIds, onProblem }: KeyRingOptions,
  before: Ring | undefined,
  at: number,
): Promise<Ring> {
  const ring: Ring = {
    keys: [],
    credentials: new Map(),
    readAt: new Map(),
    isIncomplete: false,
    unknown: new Set(),
  };
  await Promise.all(
    Object.entries(secretIds).map(async ([connection, SecretId]) => {
      let isRead = false;
      try {
        const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }), {
          abortSignal: AbortSignal.timeout(patienceMs),
        });
        isRead = true;
        const { accessKeys, credentials } = readConnectionSecret(SecretString);
        for (const key of accessKeys) ring.keys.push({ digest: digestOf(key), connection });
        ring.credentials.set(connection, credentials);
        ring.readAt.set(connection, at);
      } catch (error) {
        onProblem(connection, error);
        // One unreadable secret must not shut out its connection while the last good copy is at hand.
        const copiedAt = before?.readAt.get(connection) ?? Number.NEGATIVE_INFINITY;
        const copy = before?.keys.filter((known) => known.connection === connection) ?? [];
        if (copy.length > 0 && at - copiedAt < copyMs) {
          ring.keys.push(...copy);
          ring.readAt.set(connection, copiedAt);
        } else ring.isIncomplete = true;
        // The CRM itself refuses a token that was revoked: this copy does not get too old.
        const known = before?.credentials.get(connection);
        if (known !== undefined) ring.credentials.set(connection, known);
        else if (!isRead) ring.unknown.add(connection);
      }
    }),
  );
  return ring;
}

/**
 * Access keys and CRM tokens from Secrets Manager, one secret per connection, kept for 5 minutes. An unknown key
 * makes it look again, at most once in 10 seconds. Of a secret that cannot be read the last copy of the keys counts for an hour.
 */
export function createKeyRing(options: KeyRingOptions): KeyRing {
  let ring: Promise<Ring> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let isDoubted = false;
  let retryMs = Number.POSITIVE_INFINITY;
  let copiesEndAt = Number.POSITIVE_INFINITY;

  function reload(): Promise<Ring> {
    const before = ring ?? Promise.resolve(undefined);
    const at = options.now().getTime();
    loadedAt = at;
    isDoubted = false;
    copiesEndAt = Number.POSITIVE_INFINITY;
    ring = before
      .then((known) => load(options, known, at))
      .then((loaded) => {
        copiesEndAt = Math.min(...loaded.readAt.values()) + copyMs;
        if (!loaded.isIncomplete) retryMs = Number.POSITIVE_INFINITY;
        else retryMs = loaded.keys.length === 0 ? 0 : incompleteMs;
        return loaded;
      });
    return ring;
  }

  function current(maxAgeMs: number): Promise<Ring> {
    const now = options.now().getTime();
    const limit = Math.min(maxAgeMs, retryMs, isDoubted ? refreshMs : maxAgeMs);
    return ring && now - loadedAt < limit && now < copiesEndAt ? ring : reload();
  }

  function find({ keys }: Ring, accessKey: string): string | undefined {
    const wanted = digestOf(accessKey);
    let connection: string | undefined;
    // Every key is compared, so that the time taken tells nothing.
    for (const key of keys) if (timingSafeEqual(key.digest, wanted)) connection = key.connection;
    return connection;
  }

  return {
    async connectionOf(accessKey) {
      const kept = await current(freshMs);
      const known = find(kept, accessKey);
      if (known !== undefined) return known;
      const ring = kept.isIncomplete ? kept : await current(refreshMs);
      const found = find(ring, accessKey);
      // "Wrong key" would make a sender drop its webhook for good.
      if (found === undefined && ring.isIncomplete) {
        throw new UsherError('unavailable', 'The access keys cannot be read right now.');
      }
      return found;
    },
    async credentials(connection) {
      const ring = await current(freshMs);
      const known = ring.credentials.get(connection);
      // As long as nobody knows, nobody is told that the token is wrong, and the connection is not paused for it.
      if (ring.unknown.has(connection)) {
        throw new UsherError('aws_unavailable', 'The API token cannot be read right now.', {
          retryable: true,
        });
      }
      if (!known?.apiToken) throw new CrmAuthError({ isMissing: true });
      return known;
    },
    async webhookSecret(connection) {
      const { credentials } = await current(freshMs);
      return credentials.get(connection)?.['webhookSecret'];
    },
    doubt() {
      isDoubted = true;
    },
  };
}
