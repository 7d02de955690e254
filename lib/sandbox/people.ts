import type { PersonDraft } from './person.ts';

/** A custom field of every sandbox's account. */
interface CustomField {
  name: string;
  title: string;
  type: 'text' | 'date' | 'datetime' | 'boolean' | 'number' | 'integer' | 'list';
}

/** Custom fields by the names that `people.ts` gives them; a description says what its CRM calls them. */
export const customFields: readonly CustomField[] = [
  { name: 'wp_password', title: 'WP password', type: 'text' },
  { name: 'user_login', title: 'User login', type: 'text' },
  { name: 'user_pass', title: 'User pass', type: 'text' },
  { name: 'user_role', title: 'User role', type: 'text' },
  { name: 'birthday', title: 'Birthday', type: 'date' },
  { name: 'vip', title: 'VIP', type: 'boolean' },
  { name: 'score', title: 'Score', type: 'number' },
  { name: 'orders', title: 'Orders', type: 'integer' },
  { name: 'interests', title: 'Interests', type: 'list' },
  { name: 'last_seen', title: 'Last seen', type: 'datetime' },
  { name: 'bio', title: 'Bio', type: 'text' },
  { name: 'nickname', title: 'Nickname', type: 'text' },
];

const oneHundredAndFiftyTags = Array.from({ length: 150 }, (_, n) => `tag ${String(n + 1).padStart(3, '0')}`);

type Names = readonly [first: string | null, last: string | null];
type Tags = PersonDraft['tags'];

function person(
  email: string | null,
  [firstName, lastName]: Names,
  tags: Tags,
  more: object = {},
): PersonDraft {
  return { email, tags, fields: { firstName, lastName, ...more } };
}

/** The fictional people of every sandbox's account, numbered from 1 in this order. */
export const seedPeople: readonly PersonDraft[] = [
  // 1: ordinary; the one the README uses
  person('ada@example.com', ['Ada', 'Lovelace'], ['customer', 'newsletter']),
  // 2: every standard field filled
  person('grace.hopper@example.com', ['Grace', 'Hopper'], ['customer', 'navy'], {
    userId: 'customer-1906',
    phone: '+1 555 0100',
    city: 'Arlington',
    country: 'United States',
  }),
  // 3: accents, precomposed
  person('zoe@example.com', ['Zoë', 'Strüßmann-Ørsted'], ['Käufer', 'newsletter']),
  // 4: the same kind of letters, but with combining accents
  person('jose@example.com', ['Jose\u0301', 'Nun\u0303ez'], ['cafe\u0301']),
  // 5: CJK
  person('taro.yamada@example.com', ['太郎', '山田'], ['顧客', 'ニュース']),
  // 6: right to left
  person('alkhwarizmi@example.com', ['محمد', 'الخوارزمي'], ['عميل']),
  // 7: emoji, one of them a sequence of seven code points
  person('mia@example.com', ['Mia 👩‍👩‍👧‍👦', 'Sunshine 🎉'], ['🎈 party']),
  // 8: plus-address
  person('sam.filter+lists@example.com', ['Sam', 'Filter'], ['newsletter']),
  // 9: no e-mail
  person(null, ['Nobody', 'Mailless'], ['phone only'], { phone: '+49 555 0199' }),
  // 10: nothing but an e-mail, and no tags any more
  person('bare@example.com', [null, null], null),
  // 11: long values
  person(
    `${'long.'.repeat(12)}name@example.com`,
    ['Wolfeschlegelsteinhausenbergerdorff', 'L'.repeat(200)],
    ['t'.repeat(250)],
    { bio: 'All work and no play makes a dull row. '.repeat(200) },
  ),
  // 12: more tags than one DynamoDB transaction holds items
  person('tina@example.com', ['Tina', 'Tagged'], oneHundredAndFiftyTags),
  // 13: tags with inner and outer spaces, empty and repeated ones
  person(
    'spencer@example.com',
    ['Spencer', 'Spaces'],
    ['VIP customer', '  padded  ', 'early bird', '', 'VIP customer', ' '],
  ),
  // 14: tags that mean something elsewhere
  person(
    'otto@example.com',
    ['Otto', 'Odd'],
    ['#hash', 'a/b', '__proto__', 'constructor', '100%', 'key=value&more', '"quoted"', "it's", 'back\\slash'],
  ),
  // 15: never had tags
  person('nora@example.com', ['Nora', 'Untagged'], undefined),
  // 16: a custom field of every type
  person('katherine@example.com', ['Katherine', 'Johnson'], ['customer'], {
    bio: 'Mathematician',
    vip: true,
    orders: 42,
    score: 98.6,
    birthday: '1918-08-26',
    last_seen: '2026-03-14T15:09:26.535Z',
    interests: ['mathematics', 'space flight'],
    nickname: null,
  }),
  // 17: brings its own login and password
  person('linus@example.com', ['Linus', 'Login'], ['customer'], {
    user_login: 'linus.login',
    user_pass: 'not-a-real-password-1',
  }),
  // 18: brings its own role
  person('rosa@example.com', ['Rosa', 'Role'], ['customer'], { user_role: 'customer' }),
  // 19: HTML in the name
  person('bobby@example.com', ['<b>Bobby</b>', `O'Brien & "Sons" <script>alert(1)</script>`], ['<i>tag</i>']),
  // 20: upper-case e-mail
  person('Ursula.UPPER@EXAMPLE.COM', ['Ursula', 'Upper'], ['newsletter']),
  // 21, 22: one family
  person('emmy.noether@example.com', ['Emmy', 'Noether'], ['customer']),
  person('fritz.noether@example.com', ['Fritz', 'Noether'], ['newsletter']),
  // 23: one name only
  person('hypatia@example.com', ['Hypatia', null], ['customer']),
  // 24: asks for a role a webhook must never give
  person('eve@example.com', ['Eve', 'Climber'], ['customer'], { user_role: 'administrator' }),
  // 25: values that are false but not empty, and empty ones
  person('zero@example.com', ['Zero', ''], [], {
    vip: false,
    score: 0,
    orders: 0,
    interests: [],
    nickname: '',
  }),
];

/** When the seed people came into their accounts. */
export const seededAt = '2026-01-05T09:00:00.000Z';
