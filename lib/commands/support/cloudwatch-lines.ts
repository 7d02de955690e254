import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { filterPattern } from './log-filter.ts';
import type { LogRequest } from './log-request.ts';

/** Between two looks for new lines: FilterLogEvents may be called five times a second in an account. */
const pollMs = 2000;
/** How late a line may arrive after newer ones: the function's instances write to streams of their own. */
const lateMs = 60_000;

interface LogGroup {
  client: Pick<CloudWatchLogsClient, 'send'>;
  group: string;
}

/** All pages of one look; a page may be empty and yet not be the last. */
async function* events(
  { client, group }: LogGroup,
  { filter, signal }: LogRequest,
  startTime: number,
): AsyncGenerator<FilteredLogEvent> {
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        filterPattern: filterPattern(filter),
        startTime,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
      { abortSignal: signal },
    );
    yield* page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

async function* allEvents(group: LogGroup, request: LogRequest): AsyncGenerator<FilteredLogEvent> {
  let start = request.since.getTime();
  const shown = new Map<string, number>();
  while (!request.signal.aborted) {
    let newest = start;
    for await (const event of events(group, request, start)) {
      const { eventId = '', timestamp = 0 } = event;
      newest = Math.max(newest, timestamp);
      if (!shown.has(eventId)) yield event;
      shown.set(eventId, timestamp);
    }
    if (!request.follow) return;
    start = Math.max(start, newest - lateMs);
    for (const [id, timestamp] of shown) if (timestamp < start) shown.delete(id);
    // Fails by the signal only, which ends the loop.
    await sleep(pollMs, undefined, { signal: request.signal }).catch(() => undefined);
  }
}

/**
 * The lines of a CloudWatch log group that match a filter, each once. Followed, it ends with the signal.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function* cloudWatchLines(group: LogGroup, request: LogRequest): AsyncGenerator<string> {
  try {
    for await (const { message = '' } of allEvents(group, request)) yield message;
  } catch (error) {
    if (!request.signal.aborted) throw error;
  }
}
