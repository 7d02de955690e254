import type { ContactRequest } from '../jobs/contact-request.ts';
import { writesOf } from '../users/update.ts';
import type { User } from '../users/user.ts';
import type { UserChange } from '../users/user-change.ts';
import { sendEffectsJob } from './effects-job.ts';
import { effectsIn } from './plan-move.ts';
import type { ActionPorts } from './ports.ts';

/** Sends the job for what a move that is about to be written leads to, if it leads to anything. */
export async function sendMovedJob(
  user: User,
  change: UserChange,
  request: Pick<ContactRequest, 'connection' | 'requestId' | 'lane'>,
  contactId: string,
  ports: ActionPorts,
): Promise<void> {
  if (!change.moved || effectsIn(change).length === 0) return;
  const version = user.version + writesOf(change);
  await sendEffectsJob(request, { userId: user.id, contactId, movedAt: change.moved.at, version }, ports);
}
