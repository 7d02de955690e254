import type { CrmClient } from '../../../functions/crm/crm-client.ts';
import { UsherError } from '../../../functions/errors.ts';
import { EndlessList } from '../../import/walk.ts';
import { openCrm } from './crm-account.ts';
import type { Deployment } from './deployment.ts';
import { readSecret } from './stored-secret.ts';
import { CommandError } from './terminal.ts';

/** A CRM that is asked for its lists, and how often it was. */
export interface ListedCrm {
  client: CrmClient;
  calls: () => number;
}

/**
 * Works with a connection's CRM.
 *
 * @throws CommandError saying in the CRM's name what is wrong
 */
export async function withCrm<Result>(
  deployment: Deployment,
  name: string,
  work: (crm: ListedCrm) => Promise<Result>,
): Promise<Result> {
  const { credentials } = await readSecret(deployment, name);
  let calls = 0;
  const opened = openCrm(deployment, name, {
    credentials,
    signal: new AbortController().signal,
    onCall: () => {
      calls += 1;
    },
  });
  try {
    return await work({ client: opened.client, calls: () => calls });
  } catch (error) {
    if (error instanceof EndlessList) throw new CommandError(error.message, { cause: error });
    if (!(error instanceof UsherError)) throw error;
    throw new CommandError(opened.explained(error), { cause: error });
  } finally {
    opened.close();
  }
}
