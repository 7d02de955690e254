import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Finding } from './finding.ts';

/** Whose AWS credentials these are. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function checkCredentials(): Promise<Finding[]> {
  const client = new STSClient({});
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    return [{ check: 'credentials', status: 'ok', message: `account ${Account}, as ${Arn}` }];
  } finally {
    client.destroy();
  }
}
