import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Pause } from '../../functions/pacing/pause.ts';
import { pauseKey, readPause } from '../../functions/pacing/pause-item.ts';
import type { TestStack } from './test-stack.ts';

/** The pause of a connection, or the failures counted so far. */
export function pauseOf({ users }: TestStack, connection: string): Promise<Pause | undefined> {
  return readPause(users, connection);
}

/** As if the CRMs had never failed: for tests that look at something else than pauses. */
export async function forgetPauses({ stack, users }: TestStack): Promise<void> {
  stack.services.recentPauses.clear();
  for (const connection of Object.keys(stack.connections)) {
    await users.documents.send(new DeleteCommand({ TableName: users.name, Key: pauseKey(connection) }));
  }
}
