import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { stageSettings } from '../../functions/config/stages.ts';
import type { Finding, Patient } from './finding.ts';

/**
 * Whether jobs, with which the function works off its queue, leave webhooks at least half of what Lambda may run at once:
 * a new account has 10 in all.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
 */
export async function checkConcurrency({ deployment: { stage, config } }: Patient): Promise<Finding[]> {
  const check = 'concurrency';
  if (stage === undefined) return [{ check, status: 'skip', message: 'local: there is no quota' }];
  const client = new LambdaClient({});
  try {
    const { AccountLimit: limit = {} } = await client.send(new GetAccountSettingsCommand({}));
    const { maximumConcurrency: jobs, reservedConcurrency } = stageSettings(config.stages, stage);
    const all = reservedConcurrency ?? limit.UnreservedConcurrentExecutions ?? 0;
    const webhooks = Math.max(all - jobs, 0);
    const message = `of ${all} calls of the function at once webhooks have at least ${webhooks}, jobs take ${jobs} at most`;
    if (webhooks * 2 >= all && all > 0) return [{ check, status: 'ok', message }];
    const lower = Math.max(Math.floor(all / 2), 2);
    const fix = `Ask for more "Concurrent executions" of Lambda in Service Quotas, or set maximumConcurrency of this stage to ${lower} in usher.config.ts and deploy.`;
    return [{ check, status: 'warn', message, fix }];
  } finally {
    client.destroy();
  }
}
