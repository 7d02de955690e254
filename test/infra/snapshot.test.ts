import { expect, it } from '@jest/globals';
import { runtimeEnvironment } from '../../lib/bundle/runtime-environment.ts';
import { synthesise } from './synthesise.ts';

/** The hash of the bundle changes with every line of code, tuning with every bench; neither says much of the stack. */
function normalised(json: object): unknown {
  const tuned = Object.values(runtimeEnvironment).map((value) => JSON.stringify(value));
  const text = JSON.stringify(json).replace(/[0-9a-f]{64}\.zip/g, 'bundle.zip');
  return JSON.parse(tuned.reduce((rest, value) => rest.replaceAll(`:${value}`, ':"tuned"'), text));
}

it('the template is the one that was looked at', () => {
  const { json } = synthesise();
  const [resources, outputs] = [json.Resources, json.Outputs];
  expect(normalised({ resources, outputs })).toMatchSnapshot();
});
