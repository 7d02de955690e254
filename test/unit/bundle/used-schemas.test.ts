import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { withNamedErrors, withPlainKeys } from '../../../lib/bundle/used-schemas.ts';

const schemas = `const _e = "error";
const _c = "client";
export var OneException$ = [-3, n0, _OE, { [_e]: _c }, [_m], [0]];
n0_registry.registerError(OneException$, OneException);
export var OtherException$ = [-3, n0, _OtE, { [_e]: _c }, [_m], [0]];
n0_registry.registerError(OtherException$, OtherException);`;

it('keeps the errors that somebody names', () => {
  const left = withNamedErrors(schemas, (error) => error === 'OtherException');
  expect(left).not.toContain('registerError(OneException$');
  expect(left).toContain('n0_registry.registerError(OtherException$, OtherException);');
});

it('has no keys that a bundler could not look through', () => {
  expect(withPlainKeys(schemas)).toContain('{ "error": _c }');
  expect(withPlainKeys(schemas)).not.toContain('[_e]');
});

it.each([
  ['errors', () => withNamedErrors('export const none = [];', () => false)],
  ['errors of which each is named', () => withNamedErrors(schemas, () => true)],
  ['names', () => withPlainKeys('export const none = [];')],
])('throws where there are no %s', (_what, change) => {
  expect(change).toThrow(/as they used to/);
});

it.each(['dynamodb', 'secrets-manager', 'ses', 'sqs'])(
  'leaves nothing of the kind in the client of %s',
  async (client) => {
    const main = createRequire(import.meta.url).resolve(`@aws-sdk/client-${client}`);
    const file = main.replace('dist-cjs/index.js', 'dist-es/schemas/schemas_0.js');
    const left = withPlainKeys(withNamedErrors(await readFile(file, 'utf8'), () => false));
    expect(left).not.toMatch(/n0_registry\.registerError|\[_\w+\]:/);
  },
);
