import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CfnResource } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { everyOption, newApp, stackOf } from './synthesise.ts';

/** CDK's rules are WebAssembly, which every synthesis compiles anew: ten seconds of processor time. */
const patience = 300_000;

describe('the rules of cdk-nag and of CDK', () => {
  it(
    'find nothing in a stage as it is by default, with every option, or bound to an account and region',
    () => {
      const app = newApp({ withRules: true });
      stackOf(app);
      stackOf(app, { stage: 'full', settings: everyOption });
      stackOf(app, { stage: 'bound', env: { account: '111111111111', region: 'eu-west-1' } });
      const assembly = app.synth();
      expect(assembly.stacks).toHaveLength(3);
      // Errors are thrown; warnings are in the report.
      const report = readFileSync(join(assembly.directory, 'validation-report.json'), 'utf8');
      expect(JSON.parse(report)).toMatchObject({ pluginReports: [] });
    },
    patience,
  );

  it(
    'do look: each finds what it should',
    () => {
      const app = newApp({ withRules: true });
      const stack = stackOf(app);
      new Queue(stack, 'Open');
      new Queue(stack, 'Lossy', { enforceSSL: true });
      const properties = { VisibilityTimeout: 'long' };
      new CfnResource(stack, 'Wrong', { type: 'AWS::SQS::Queue', properties });
      const findings = ['AwsSolutions-SQS4', 'Serverless-SQSRedrivePolicy', 'VisibilityTimeout'];
      const all = new RegExp(findings.map((finding) => `(?=.*${finding})`).join(''), 's');
      // Once: to look again is to compile again.
      expect(() => app.synth()).toThrow(all);
    },
    patience,
  );
});
