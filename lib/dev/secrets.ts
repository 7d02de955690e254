import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback, loopbackHost } from './loopback-server.ts';
import { saveSecrets } from './secrets-file.ts';

export interface Secrets {
  readonly endpoint: string;
  /** Requests answered so far, errors included. */
  readonly requests: number;
  /** Stores a secret's value: a new version of it, or a new secret. */
  set(id: string, value: string): void;
  stop(): Promise<void>;
}

interface Version {
  readonly value: string;
  readonly versionId: string;
  readonly createdAt: number;
}

interface Body {
  readonly SecretId?: string;
  readonly SecretIdList?: readonly string[];
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
  readonly VersionStage?: string;
}

/**
 * A Secrets Manager on a loopback port that knows GetSecretValue, BatchGetSecretValue, PutSecretValue and
 * DescribeSecret, and of each secret its newest version. It lives in memory and asks for no credentials; with `file`
 * every value is also on disk before it is answered.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
 */
export async function startSecrets(
  secrets: Readonly<Record<string, string>>,
  { file }: { file?: string | undefined } = {},
): Promise<Secrets> {
  const versions = new Map<string, Version>();
  const keep = (id: string, value: string, versionId: string = randomUUID()): void => {
    versions.set(id, { value, versionId, createdAt: Date.now() / 1000 });
  };
  const save = (): void => {
    if (file !== undefined) {
      saveSecrets(file, Object.fromEntries([...versions].map(([id, { value }]) => [id, value])));
    }
  };
  const set = (id: string, value: string, versionId?: string): void => {
    keep(id, value, versionId);
    save();
  };
  for (const [id, value] of Object.entries(secrets)) keep(id, value);
  save();

  let requests = 0;
  const server = createServer((request, response) => {
    const answered = reply(request, versions, set).catch((error: unknown) => ({
      __type: 'SerializationException',
      Message: String(error),
    }));
    void answered.then((answer) => {
      requests += 1;
      response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    });
  });
  const port = await listenOnLoopback(server, 0, 'the secrets');
  return {
    endpoint: `http://${loopbackHost}:${port}`,
    get requests() {
      return requests;
    },
    set: (id, value) => set(id, value),
    stop: () => closeServer(server),
  };
}

async function reply(
  request: IncomingMessage,
  versions: ReadonlyMap<string, Version>,
  set: (id: string, value: string, versionId?: string) => void,
): Promise<object> {
  const action = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
  const body = JSON.parse(await text(request)) as Body;
  const name = nameOf(body.SecretId ?? '');
  const isCurrent = (body.VersionStage ?? 'AWSCURRENT') === 'AWSCURRENT';
  const known = isCurrent ? versions.get(name) : undefined;
  switch (action) {
    case 'GetSecretValue':
      return known ? describeValue(name, known) : notFound;
    case 'BatchGetSecretValue':
      return batch(body.SecretIdList ?? [], versions);
    case 'DescribeSecret':
      return known
        ? { ARN: arn(name), Name: name, VersionIdsToStages: { [known.versionId]: ['AWSCURRENT'] } }
        : notFound;
    case 'PutSecretValue': {
      if (!known) return notFound;
      const versionId = body.ClientRequestToken ?? randomUUID();
      set(name, body.SecretString ?? '', versionId);
      return { ARN: arn(name), Name: name, VersionId: versionId, VersionStages: ['AWSCURRENT'] };
    }
    default:
      return { __type: 'UnknownOperationException', Message: `${action} is not known to the local secrets.` };
  }
}

const notFound = {
  __type: 'ResourceNotFoundException',
  Message: "Secrets Manager can't find the specified secret.",
};

function batch(ids: readonly string[], versions: ReadonlyMap<string, Version>): object {
  const names = ids.map(nameOf);
  return {
    SecretValues: names.flatMap((name) => {
      const version = versions.get(name);
      return version ? [describeValue(name, version)] : [];
    }),
    Errors: names
      .filter((name) => !versions.has(name))
      .map((name) => ({ SecretId: name, ErrorCode: notFound.__type, Message: notFound.Message })),
  };
}

function describeValue(name: string, version: Version): object {
  return {
    ARN: arn(name),
    Name: name,
    VersionId: version.versionId,
    SecretString: version.value,
    VersionStages: ['AWSCURRENT'],
    CreatedDate: version.createdAt,
  };
}

const arnPrefix = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:';
const arnSuffix = '-local0';
const arn = (name: string): string => `${arnPrefix}${name}${arnSuffix}`;

/** A secret is asked for by its name or by its ARN. */
function nameOf(id: string): string {
  return id.startsWith(arnPrefix) ? id.slice(arnPrefix.length).replace(/-local0$/, '') : id;
}
