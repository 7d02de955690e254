import type { ConnectionSecret } from '../../functions/runtime/connection-secret.ts';
import type { Finding } from './finding.ts';

/** Whether a secret has exactly the keys that it should, and by which commands to mend it. */
export function keysFinding(
  about: Pick<Finding, 'check' | 'connection'>,
  { accessKeys }: ConnectionSecret,
  { rotate, revoke }: { rotate: string; revoke: string },
): Finding {
  if (accessKeys.length === 0) {
    return { ...about, status: 'fail', message: 'there is no access key', fix: rotate };
  }
  if (accessKeys.length > 1) {
    const fix = `When nothing sends the older one any more: ${revoke}`;
    return { ...about, status: 'warn', message: `${accessKeys.length} access keys are valid`, fix };
  }
  return { ...about, status: 'ok', message: 'one access key' };
}
