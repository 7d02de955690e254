import { expect, it } from '@jest/globals';
import { brokenTemplates } from '../../../lib/console/template-place.ts';

const good = { subject: '{{site_name}}', text: 'Hello {{first_name}}', html: '<p>{{link}}</p>' };

it('finds nothing in templates that are right', () => expect(brokenTemplates(good)).toEqual([]));

it.each([
  ['a section that stays open', 'one\ntwo {{#first_name}} three', 2],
  ['a tag that stays open', 'one\ntwo\n{{first_name', 3],
  ['an end without a begin', '{{/first_name}}', 1],
])('says in which line there is %s', (_what, text, line) => {
  expect(brokenTemplates({ ...good, text })).toMatchObject([{ part: 'text', line }]);
});
