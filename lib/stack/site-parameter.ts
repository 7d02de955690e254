import { CfnParameter, type Stack } from 'aws-cdk-lib';
import type { Config } from '../../functions/config/config.ts';
import { siteHost } from './stack-name.ts';

/**
 * Whose stack it is. `cdk deploy` keeps the value that a stack has, and CloudFormation refuses a template that does not
 * allow it before it changes anything: so nobody's stack becomes another site's by a name that both have chosen. A stack
 * of the first versions has no value yet, and gets the one of whoever deploys it next.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function addSiteParameter(stack: Stack, config: Pick<Config, 'site'>): CfnParameter {
  const host = siteHost(config);
  return new CfnParameter(stack, 'Site', {
    type: 'String',
    default: host,
    allowedValues: [host],
    description: 'The site whose users are in this stack',
    constraintDescription: `must be ${host}: this stack is another site's. Set app in usher.config.ts, so that yours has a name of its own`,
  });
}
