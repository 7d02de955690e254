import { App } from 'aws-cdk-lib';
import { bundleFunction } from '../lib/bundle/bundle.ts';
import { addRulePacks } from '../lib/stack/rule-packs.ts';
import { UsherStack } from '../lib/stack/usher-stack.ts';
import config from '../usher.config.ts';

await bundleFunction('dist');

const app = new App();
const stage = String(app.node.tryGetContext('stage') ?? 'dev');
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
new UsherStack(app, {
  config,
  stage,
  codeFolder: 'dist',
  ...(account && region ? { env: { account, region } } : {}),
});
addRulePacks(app);
app.synth();
