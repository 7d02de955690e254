import { writesOf } from '../users/update.ts';
import type { User } from '../users/user.ts';
import type { UserChange } from '../users/user-change.ts';
import type { Asked } from './asked.ts';
import { sendEffectsJob } from './effects-job.ts';
import { effectsIn } from './plan-move.ts';
import type { ActionPorts } from './ports.ts';

/** Sends the job for what a move that is about to be written leads to, if it leads to anything. */
export async function sendMovedJob(
  user: User,
  change: UserChange,
  request: Pick<Asked, 'connection' | 'contactId' | 'requestId' | 'lane'>,
  ports: ActionPorts,
): Promise<void> {
  if (!change.moved || effectsIn(change).length === 0) return;
  const { contactId } = request;
  const version = user.version + writesOf(change);
  await sendEffectsJob(request, { userId: user.id, contactId, movedAt: change.moved.at, version }, ports);
}
