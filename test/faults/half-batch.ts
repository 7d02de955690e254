import { awsError } from './aws-errors.ts';

/** A command of the AWS SDK. */
export interface Command {
  input: object;
}

/** Half of a batch. Other commands fail in whole. */
export async function halfOf(command: Command, name: string, send: () => Promise<unknown>): Promise<unknown> {
  if (name === 'BatchGet') {
    await send();
    return { Responses: {}, UnprocessedKeys: (command.input as { RequestItems: object }).RequestItems };
  }
  if (name !== 'SendMessageBatch') throw awsError('InternalServerError', 500);
  const input = command.input as { Entries: { Id: string }[] };
  const all = input.Entries;
  input.Entries = all.slice(1);
  const sent = input.Entries.length > 0 ? ((await send()) as object) : {};
  return {
    ...sent,
    Failed: all.slice(0, 1).map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
  };
}
