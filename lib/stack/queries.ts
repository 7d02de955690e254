import type { Stack } from 'aws-cdk-lib';
import { CfnQueryDefinition, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { savedQueries } from './saved-queries.ts';

/** The saved queries, in a folder of the Logs Insights console that has the stack's name. */
export class Queries extends Construct {
  constructor(scope: Stack, id: string, logGroup: LogGroup) {
    super(scope, id);
    for (const { name, text } of savedQueries) {
      new CfnQueryDefinition(this, name, {
        name: `${scope.stackName}/${name}`,
        queryString: text,
        logGroupNames: [logGroup.logGroupName],
      });
    }
  }
}
