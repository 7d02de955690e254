import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CfnResource } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { everyOption, newApp, type StageCase, stackOf } from './synthesise.ts';

/** CDK's rules are WebAssembly, and take some seconds to be compiled on a busy machine. */
const patience = 180_000;

/** Synthesises with cdk-nag and CDK's own template rules. Errors are thrown; warnings are returned. */
function check(
  stageCase: StageCase,
  add: (stack: ReturnType<typeof stackOf>) => void = () => undefined,
): unknown[] {
  const app = newApp({ withRules: true });
  add(stackOf(app, stageCase));
  const report = readFileSync(join(app.synth().directory, 'validation-report.json'), 'utf8');
  return (JSON.parse(report) as { pluginReports: unknown[] }).pluginReports;
}

describe('the rules of cdk-nag and of CDK', () => {
  it.each<[name: string, stageCase: StageCase]>([
    ['as it is by default', {}],
    ['with every option', { settings: everyOption }],
    ['bound to an account and region', { env: { account: '111111111111', region: 'eu-west-1' } }],
  ])(
    'find nothing in a stage %s',
    (_name, stageCase) => {
      expect(check(stageCase)).toEqual([]);
    },
    patience,
  );

  it.each<[rules: string, finding: string, add: (stack: ReturnType<typeof stackOf>) => void]>([
    ['AwsSolutions', 'AwsSolutions-SQS4', (stack) => new Queue(stack, 'Open')],
    ['Serverless', 'Serverless-SQSRedrivePolicy', (stack) => new Queue(stack, 'Lossy', { enforceSSL: true })],
    [
      'CDK',
      'VisibilityTimeout',
      (stack) =>
        new CfnResource(stack, 'Wrong', {
          type: 'AWS::SQS::Queue',
          properties: { VisibilityTimeout: 'long' },
        }),
    ],
  ])(
    'do look: %s finds %s',
    (_rules, finding, add) => {
      expect(() => check({}, add)).toThrow(finding);
    },
    patience,
  );
});
