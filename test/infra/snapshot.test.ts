import { expect, it } from '@jest/globals';
import { synthesise } from './synthesise.ts';

/** The hash of the bundle changes with every line of code, and says nothing about the stack. */
function withoutHashes(json: object): unknown {
  return JSON.parse(JSON.stringify(json).replace(/[0-9a-f]{64}\.zip/g, 'bundle.zip'));
}

it('the template is the one that was looked at', () => {
  const { json } = synthesise();
  const [resources, outputs] = [json.Resources, json.Outputs];
  expect(withoutHashes({ resources, outputs })).toMatchSnapshot();
});
