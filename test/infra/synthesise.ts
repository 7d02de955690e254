import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type ConfigInput, defineConfig } from '../../functions/config/define-config.ts';
import { addRulePacks } from '../../lib/stack/rule-packs.ts';
import { UsherStack } from '../../lib/stack/usher-stack.ts';
import { exampleInput } from '../unit/example-config.ts';

type StageInput = NonNullable<ConfigInput['stages']>[string];

export interface StageCase {
  stage?: string;
  /** Settings of that stage; without them it is not in the configuration at all. */
  settings?: StageInput;
  /** Anything else in the configuration. */
  change?: Partial<ConfigInput>;
  env?: { account: string; region: string };
}

/** A stage with every option set. */
export const everyOption: StageInput = {
  isThrowAway: true,
  domain: {
    name: 'hooks.example.com',
    certificateArn: 'arn:aws:acm:eu-west-1:000000000000:certificate/00000000-0000-4000-8000-000000000000',
  },
  throttle: { rate: 50, burst: 100 },
  maximumConcurrency: 20,
  reservedConcurrency: 100,
  tracing: true,
  logRetentionDays: 90,
  alarmEmail: 'ops@example.com',
  mailIdentity: { domain: 'example.com', create: true },
  quietHours: 6,
};

/** Any folder stands in for the bundle: what is in it is not looked at. */
const codeFolder = 'functions/jobs';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

/** The stack as `npx cdk synth` would build it, in memory. */
export function stackOf(app: App, { stage = 'dev', settings, change = {}, env }: StageCase = {}): UsherStack {
  const stages = settings === undefined ? {} : { stages: { [stage]: settings } };
  const config = defineConfig(exampleInput({ ...change, ...stages }));
  return new UsherStack(app, { config, stage, codeFolder, ...(env ? { env } : {}) });
}

const folder = mkdtempSync(join(tmpdir(), 'usher-infra-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An app with the flags of cdk.json. Without rules nothing checks the template, which takes a second each time. */
export function newApp({ withRules }: { withRules: boolean }): App {
  const outdir = mkdtempSync(join(folder, 'cdk-'));
  const app = new App({ context, outdir, builtinCloudFormationValidation: withRules });
  if (withRules) addRulePacks(app);
  return app;
}

export interface Resource {
  id: string;
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** The template of a stage, for assertions. */
export function synthesise(stageCase: StageCase = {}) {
  const stack = stackOf(newApp({ withRules: false }), stageCase);
  const template = Template.fromStack(stack);
  const json = template.toJSON() as {
    Resources: Record<string, Omit<Resource, 'id'>>;
    Outputs: Record<string, { Value: unknown }>;
    Parameters: Record<string, { Default: string; AllowedValues: string[] }>;
  };
  const all = Object.entries(json.Resources).map(([id, resource]): Resource => ({ id, ...resource }));
  return {
    stack,
    template,
    json,
    all,
    ofType: (type: string) => all.filter(({ Type }) => Type === type),
    /** The only resource of a type. */
    single(type: string): Resource {
      const [first, ...more] = all.filter(({ Type }) => Type === type);
      if (!first || more.length > 0) throw new Error(`${more.length + (first ? 1 : 0)} resources of ${type}`);
      return first;
    },
  };
}
