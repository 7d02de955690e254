import { setTimeout as sleep } from 'node:timers/promises';

/** What was written to a user, as the table's stream has it. */
export interface Written {
  userId: string;
  /** When, by the user's own item; ISO 8601. */
  at: string;
  before: Record<string, unknown> | undefined;
  after: Record<string, unknown> | undefined;
}

type Typed = Record<string, unknown>;
interface StreamRecord {
  dynamodb: {
    Keys: Record<string, Typed>;
    NewImage?: Record<string, Typed>;
    OldImage?: Record<string, Typed>;
    SequenceNumber: string;
  };
}

/** DynamoDB Local looks at no signature. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** A value in DynamoDB's own form. */
function plain([[type, value] = ['NULL', null]]: [string, unknown][]): unknown {
  if (type === 'N') return Number(value);
  if (type === 'NULL') return null;
  if (type === 'L') return (value as Typed[]).map((one) => plain(Object.entries(one)));
  return type === 'M' ? plainItem(value as Record<string, Typed>) : value;
}

const plainItem = (item: Record<string, Typed>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(Object.entries(value))]));

function writtenIn({ dynamodb: { Keys, NewImage, OldImage } }: StreamRecord): Written[] {
  const pk = String(Keys['pk']?.['S']);
  if (!pk.startsWith('USER#') || Keys['sk']?.['S'] !== 'USER') return [];
  const [before, after] = [OldImage && plainItem(OldImage), NewImage && plainItem(NewImage)];
  const at = String((after ?? before)?.['updated'] ?? '');
  return [{ userId: pk.slice('USER#'.length), at, before, after }];
}

const between = 500;

/** Who follows a table. */
export interface TableFollower {
  /** Gets each write, in the order of its user. */
  told: (written: Written) => void;
  /** Gets what went wrong in a look, after which there is another one. */
  onError: (error: unknown) => void;
}

/**
 * Follows the stream of a table of DynamoDB Local: every write to a user with what was there before.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
 *
 * @throws Error when the table has no stream
 */
export async function followTable(
  endpoint: string,
  table: string,
  { told, onError }: TableFollower,
  signal: AbortSignal,
): Promise<void> {
  const call = async <Answer>(action: string, body: object): Promise<Answer> => {
    const headers = {
      'x-amz-target': `DynamoDBStreams_20120810.${action}`,
      'content-type': 'application/x-amz-json-1.0',
      authorization,
    };
    return (await (
      await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body), signal })
    ).json()) as Answer;
  };
  const { Streams: [stream] = [] } = await call<{ Streams?: { StreamArn: string }[] }>('ListStreams', {
    TableName: table,
  });
  if (!stream) throw new Error(`The table ${table} has no stream.`);
  const { StreamArn } = stream;
  const last = new Map<string, string>();
  const look = async () => {
    const { StreamDescription } = await call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
      'DescribeStream',
      { StreamArn },
    );
    for (const { ShardId } of StreamDescription.Shards) {
      const after = last.get(ShardId);
      const from =
        after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after };
      const { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', {
        StreamArn,
        ShardId,
        ...from,
      });
      const { Records = [] } = await call<{ Records?: StreamRecord[] }>('GetRecords', { ShardIterator });
      for (const record of Records) {
        last.set(ShardId, record.dynamodb.SequenceNumber);
        for (const written of writtenIn(record)) told(written);
      }
    }
  };
  while (!signal.aborted) {
    await look().catch((error: unknown) => signal.aborted || onError(error));
    await sleep(between, undefined, { signal }).catch(() => undefined);
  }
}
