import { expect, it } from '@jest/globals';
import { withoutSetUp } from '../../../lib/bundle/without-set-up.ts';

it('leaves out what only people and the check of the configuration read', () => {
  const source = `import * as z from 'zod';
const read = { notes: 1 };
export const acme: Connector = {
  title: 'Acme',
  settings: z.object({ account: z.string() }),
  secrets: { apiToken: 'key' },
  api: ({ account }) => ({ lists: acmeLists, load: () => ({ settings: account, known: read }) }),
  known: { tags: 'tags', checked: 'x' },
  notes: ['a, b', 'c'],
  setup: (url) => [url, 'x, y'].join(),
};
`;
  expect(withoutSetUp(source)).toBe(`import * as z from 'zod';
const read = { notes: 1 };
export const acme: Connector = {
  title: 'Acme',
  secrets: { apiToken: 'key' },
  api: ({ account }) => ({ load: () => ({ settings: account, known: read }) }),
};
`);
});
