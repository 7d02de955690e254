import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { crmsPage } from '../../lib/docs/crms-page.ts';

it('docs/crms.md says what the connectors say: npm run docs', async () => {
  expect(await readFile('docs/crms.md', 'utf8')).toBe(crmsPage());
});
