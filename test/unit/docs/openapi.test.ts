import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { openApi, openApiText } from '../../../lib/docs/openapi.ts';
import { apiErrorCodes } from '../../../lib/docs/site-schemas.ts';

const run = promisify(execFile);

it('docs/openapi.json says what the code says: npm run docs', async () => {
  expect(await readFile('docs/openapi.json', 'utf8')).toBe(openApiText());
});

it('is OpenAPI, with examples that fit their schemas', async () => {
  const env = { ...process.env, NODE_OPTIONS: '', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { stderr } = await run('npm', ['run', '--silent', 'check:api'], { env });
  expect(stderr).toContain('Your API description is valid');
});

it('has an example of every error code that a path of it answers with', () => {
  const responses = Object.values(openApi().paths)
    .flatMap((path) => Object.values(path))
    .map((one) => one.responses);
  const shown = JSON.stringify(responses);
  const lacking = apiErrorCodes.filter((code) => !shown.includes(`"code":"${code}"`));
  // These answer what the document has no path or method for.
  expect(lacking).toEqual(['not_found', 'method_not_allowed']);
});
