import { expect, it } from '@jest/globals';
import { configSnippet } from '../../../lib/console/page/config-snippet.ts';

it.each([
  ['lastSeen', [], 'last_seen'],
  ['Date of birth', [], 'date_of_birth'],
  ['2nd address', [], 'field_2nd_address'],
  ['名前', [], 'field'],
  ['Company', ['company'], 'company_2'],
])('%s beside %j becomes %s', (field, taken, key) => {
  expect(configSnippet([field], taken)).toBe(
    `fields: {\n  ${key}: { field: ${JSON.stringify(field)}, type: 'text' },\n},`,
  );
});

it('no name stands twice', () => {
  expect(configSnippet(['bio', 'Bio'], [])).toMatch(/ bio: .*\n {2}bio_2: /);
});
