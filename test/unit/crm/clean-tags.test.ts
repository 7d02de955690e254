import { expect, it } from '@jest/globals';
import { cleanTags } from '../../../functions/crm/connector.ts';

it.each<[name: string, given: string[], cleaned: string[]]>([
  ['none', [], []],
  ['trimmed', [' padded ', 'early bird\n'], ['padded', 'early bird']],
  ['without empty ones', ['', '  ', 'a'], ['a']],
  ['each once, in order', ['b', 'a', ' b'], ['b', 'a']],
  ['case is kept apart', ['VIP', 'vip'], ['VIP', 'vip']],
  [
    'in one normal form',
    ['Käufer', 'Ka\u0308ufer', '\u212Bngström', 'A\u030Angstro\u0308m'],
    ['Käufer', 'Ångström'],
  ],
  ['look-alikes of another kind are kept apart', ['ﬁt', 'fit'], ['ﬁt', 'fit']],
  ['half a surrogate pair is replaced', ['\uD83D', '\uDC00'], ['\uFFFD']],
])('tags are cleaned: %s', (_name, given, cleaned) => {
  expect(cleanTags(given)).toEqual(cleaned);
});
