import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback, loopbackHost } from './loopback-server.ts';
import { type SecretVersion, SecretVersions } from './secret-versions.ts';
import { saveSecrets } from './secrets-file.ts';

export interface Secrets {
  readonly endpoint: string;
  /** Requests answered so far, errors included. */
  readonly requests: number;
  /** Stores a secret's value: a new version of it, or a new secret. */
  set(id: string, value: string): void;
  stop(): Promise<void>;
}

interface Body {
  readonly SecretId?: string;
  readonly SecretIdList?: readonly string[];
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
  readonly VersionStage?: string;
  readonly VersionStages?: readonly string[];
  readonly RemoveFromVersionId?: string;
  readonly MoveToVersionId?: string;
}

const currentStage = 'AWSCURRENT';

/**
 * A Secrets Manager on a loopback port that knows GetSecretValue, BatchGetSecretValue, PutSecretValue,
 * UpdateSecretVersionStage and DescribeSecret, and of each secret its current version and the next one. It lives in memory
 * and asks for no credentials; with `file` every current value is also on disk before it is answered.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
 */
export async function startSecrets(
  secrets: Readonly<Record<string, string>>,
  { file }: { file?: string | undefined } = {},
): Promise<Secrets> {
  const versions = new Map(Object.entries(secrets).map(([id, value]) => [id, new SecretVersions(value)]));
  const save = (): void => {
    if (file === undefined) return;
    saveSecrets(file, Object.fromEntries([...versions].map(([id, { current }]) => [id, current.value])));
  };
  save();

  let requests = 0;
  const server = createServer((request, response) => {
    const answered = reply(request, versions, save).catch((error: unknown) => ({
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
    set: (id, value) => {
      const known = versions.get(id);
      if (known) known.set(value);
      else versions.set(id, new SecretVersions(value));
      save();
    },
    stop: () => closeServer(server),
  };
}

async function reply(
  request: IncomingMessage,
  versions: ReadonlyMap<string, SecretVersions>,
  save: () => void,
): Promise<object> {
  const action = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
  const body = JSON.parse(await text(request)) as Body;
  if (action === 'BatchGetSecretValue') return batch(body.SecretIdList ?? [], versions);
  const answer = answers[action];
  if (!answer) {
    return { __type: 'UnknownOperationException', Message: `${action} is not known to the local secrets.` };
  }
  const name = nameOf(body.SecretId ?? '');
  const known = versions.get(name);
  if (!known || (action === 'GetSecretValue' && (body.VersionStage ?? currentStage) !== currentStage)) {
    return notFound;
  }
  const answered = answer(name, known, body);
  save();
  return answered;
}

const answers: Record<string, (name: string, secret: SecretVersions, body: Body) => object> = {
  GetSecretValue: (name, { current }) => describeValue(name, current),
  DescribeSecret: (name, { current }) => ({
    ARN: arn(name),
    Name: name,
    VersionIdsToStages: { [current.versionId]: [currentStage] },
  }),
  PutSecretValue: (
    name,
    secret,
    { SecretString = '', ClientRequestToken: id, VersionStages = [currentStage] },
  ) => {
    const { versionId } = VersionStages.includes(currentStage)
      ? secret.set(SecretString, id)
      : secret.prepare(SecretString, id);
    return { ARN: arn(name), Name: name, VersionId: versionId, VersionStages };
  },
  UpdateSecretVersionStage: (name, secret, { RemoveFromVersionId: before, MoveToVersionId: following }) =>
    secret.replace(before, following)
      ? { ARN: arn(name), Name: name }
      : {
          __type: 'InvalidParameterException',
          Message: 'The staging label is attached to another version than RemoveFromVersionId names.',
        },
};

const notFound = {
  __type: 'ResourceNotFoundException',
  Message: "Secrets Manager can't find the specified secret.",
};

function batch(ids: readonly string[], versions: ReadonlyMap<string, SecretVersions>): object {
  const names = ids.map(nameOf);
  return {
    SecretValues: names.flatMap((name) => {
      const version = versions.get(name);
      return version ? [describeValue(name, version.current)] : [];
    }),
    Errors: names
      .filter((name) => !versions.has(name))
      .map((name) => ({ SecretId: name, ErrorCode: notFound.__type, Message: notFound.Message })),
  };
}

function describeValue(name: string, version: SecretVersion): object {
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
