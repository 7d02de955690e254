import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { type ConnectionSecret, readConnectionSecret } from './connection-secret.ts';

type Secrets = Pick<SecretsManagerClient, 'send'>;

/** A connection's secret, and which version of it that is. */
export interface SecretVersion {
  secret: ConnectionSecret;
  versionId: string | undefined;
}

/** Somebody else keeps changing a secret: nothing was stored. */
export class SecretKeepsChanging extends Error {
  override name = 'SecretKeepsChanging';
}

/** @throws what AWS says, or what `readConnectionSecret` throws, whose messages may quote the secret */
export async function readSecretVersion(secrets: Secrets, SecretId: string): Promise<SecretVersion> {
  const { SecretString = '', VersionId } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return { secret: readConnectionSecret(SecretString), versionId: VersionId };
}

/** Where a new version waits: a secret has room for few labels, so that everybody who changes one shares this. */
const preparedStage = 'USHER_PREPARED';
/** Somebody else has changed the secret so often meanwhile that it is no coincidence. */
const mostTries = 10;

/**
 * Stores a new version of a connection's secret, made of the one that it takes the place of: if somebody else was
 * faster, it is made again of theirs. The one before stays in Secrets Manager as AWSPREVIOUS.
 *
 * Secrets Manager writes on no condition, but it moves the label of the current version from the one that was read, or
 * not at all: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 *
 * @throws as `readSecretVersion`, SecretKeepsChanging, and what `change` throws
 */
export async function changeSecretVersion(
  secrets: Secrets,
  SecretId: string,
  change: (before: ConnectionSecret) => ConnectionSecret,
): Promise<ConnectionSecret> {
  let before = await readSecretVersion(secrets, SecretId);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const wanted = change(before.secret);
    const SecretString = JSON.stringify({ accessKeys: wanted.accessKeys, ...wanted.credentials });
    const { VersionId } = await secrets.send(
      new PutSecretValueCommand({ SecretId, SecretString, VersionStages: [preparedStage] }),
    );
    try {
      await secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          RemoveFromVersionId: before.versionId,
          MoveToVersionId: VersionId,
        }),
      );
      return wanted;
    } catch (error) {
      const found = await readSecretVersion(secrets, SecretId);
      // It was done, and only the answer was lost.
      if (found.versionId === VersionId) return found.secret;
      if (found.versionId === before.versionId) throw error;
      before = found;
    }
  }
  throw new SecretKeepsChanging();
}
