import { expect, it } from '@jest/globals';
import { differences } from '../../../lib/console/differences.ts';
import { masked, maskedBody } from '../../../lib/dev/masked.ts';

const secret = 'a-made-up-secret-of-nobody';

it.each([
  ['a known one, wherever it stands', { note: `it is ${secret}.` }],
  ['a header', { Authorization: secret }],
  ['a field', { user: { wpPassword: secret, other: 1 } }],
  ['a list', [{ api_key: secret }]],
  ['a query', `/?access_key=${secret}&x=1`],
])('hides %s', (_what, value) => {
  expect(JSON.stringify(masked(value, [secret]))).not.toContain(secret);
});

it.each([
  ['JSON', `{"person":{"wpPassword":"${secret}"}}`],
  ['a form', `email=ada%40example.com&wp_password=${secret}&x=1`],
  ['XML', `<wp_password>${secret}</wp_password>`],
  ['a large one', `{"wpPassword":"${secret}","x":"${'x'.repeat(300_000)}"}`],
])('hides what is called a password in %s', (_what, body) => {
  const shown = JSON.stringify(maskedBody(body, []));
  expect(shown).not.toContain(secret);
  expect(shown.length).toBeLessThan(21_000);
});

it('leaves everything else as it is', () => {
  const value = { email: 'ada@example.com', tags: ['a'], hasPassword: true, none: null, count: 3 };
  expect(masked(value, [secret])).toEqual({ ...value, hasPassword: '••••••••' });
});

it('tells what differs, field by field', () => {
  const before = { email: 'a@example.com', version: 1, tags: ['x'], fields: { city: 'Ulm', zip: '1' } };
  const after = { email: 'a@example.com', version: 2, tags: ['x', 'y'], fields: { city: 'Bonn', zip: '1' } };
  expect(differences(before, after)).toEqual([
    { what: 'tags', before: ['x'], after: ['x', 'y'] },
    { what: 'fields.city', before: 'Ulm', after: 'Bonn' },
  ]);
  expect(differences(undefined, { email: 'b@example.com' })).toHaveLength(1);
});
