/** An error as the AWS SDK throws it. */
export function awsError(name: string, status: number, more: object = {}): Error {
  return Object.assign(new Error('Injected by the fault machine.'), {
    name,
    $metadata: { httpStatusCode: status, attempts: 1 },
    ...more,
  });
}

/** A connection that broke: what the SDK throws when its tries are used up. */
export const lostAnswer = () => awsError('TimeoutError', 0);

/** As the SDK's when its caller gives up. */
export const aborted = () => Object.assign(new Error('Request aborted'), { name: 'AbortError' });

/** Somebody else is writing the same items right now, or so DynamoDB says. */
export function conflictOf(command: string, input: { TransactItems?: readonly unknown[] }): Error {
  if (command !== 'TransactWrite') return awsError('TransactionConflictException', 400);
  const reasons = (input.TransactItems ?? []).map((_item, index) => ({
    Code: index === 0 ? 'TransactionConflict' : 'None',
  }));
  return awsError('TransactionCanceledException', 400, { CancellationReasons: reasons });
}
