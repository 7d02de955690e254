import { appendFile } from 'node:fs/promises';
import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { awsFailure } from './aws-failure.ts';
import type { Deployment } from './deployment.ts';
import type { Terminal } from './terminal.ts';

/** What an operator did to a user, as the log has it: ids and codes only. */
export interface OperatorLine {
  level: 'INFO';
  message: 'operator';
  timestamp: string;
  action: string;
  user_id: string;
  result: 'updated' | 'unchanged';
  connection?: string;
  contact_id?: string;
  role?: string;
  request_id: string;
}

/**
 * Writes a line among the function's: for a stage into a stream of its own in the function's log group, for the local stack
 * into its file.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 *
 * @throws what AWS says, when the operator may not write there
 */
async function writeOperatorLine({ logs }: Pick<Deployment, 'logs'>, line: OperatorLine): Promise<void> {
  const message = JSON.stringify(line);
  if ('file' in logs) return appendFile(logs.file, `${message}\n`);
  const stream = { logGroupName: logs.group, logStreamName: `operator/${line.request_id}` };
  await logs.client.send(new CreateLogStreamCommand(stream));
  const logEvents = [{ timestamp: Date.parse(line.timestamp), message }];
  await logs.client.send(new PutLogEventsCommand({ ...stream, logEvents }));
}

/** Notes what was done. It is done by then: that it is not in the log is to be said, and no failure. */
export async function noteOperatorLine(
  deployment: Deployment,
  line: OperatorLine,
  { err }: Terminal,
): Promise<void> {
  try {
    await writeOperatorLine(deployment, line);
  } catch (error) {
    const reason = awsFailure(error, deployment.title);
    err(`This is not in the log. ${Error.isError(reason) ? reason.message : String(reason)}`);
  }
}
