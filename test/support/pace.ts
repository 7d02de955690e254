import {
  type PaceChange,
  type PaceState,
  readPace,
  resume,
  writePace,
} from '../../functions/pace/pace-item.ts';
import type { TestStack } from './test-stack.ts';

/** What all functions know of a connection's CRM; undefined while all is well. */
export function paceStateOf({ users }: TestStack, connection: string): Promise<PaceState | undefined> {
  return readPace(users, connection);
}

/** As if the functions had found this out about a connection's CRM. */
export async function putPace(
  { stack, users }: TestStack,
  connection: string,
  state: PaceChange,
): Promise<void> {
  stack.services.paceMemory.clear();
  await writePace(users, connection, await readPace(users, connection), { ...state, stamp: 'of a test' });
}

/** As if the CRMs had never failed: for tests that look at something else than the pace. */
export async function forgetPace({ stack, users }: TestStack): Promise<void> {
  stack.services.paceMemory.clear();
  for (const connection of Object.keys(stack.connections)) await resume(users, connection);
}
