import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';

/**
 * Makes synthesis fail on findings of cdk-nag. Exceptions stand on the constructs they are for.
 *
 * https://github.com/cdklabs/cdk-nag/blob/main/RULES.md
 */
export function addRulePacks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}
