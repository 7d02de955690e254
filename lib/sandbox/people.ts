/**
 * A fictional person of the sandbox accounts. Both CRMs get the same people, each in its own shape, numbered
 * from 1 in this order: Encharge's ids end in that number, UserEngage's ids are that number.
 */
export interface SeedPerson {
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  tags: readonly string[];
  /** Encharge's `tags` text when it is more than the tags joined by commas; absent tags are left out. */
  enchargeTags?: string | null;
  userId?: string;
  phone?: string;
  city?: string;
  country?: string;
  custom?: Readonly<Partial<SeedCustomFields>>;
}

/** Custom fields of both accounts, by their UserEngage names. */
interface SeedCustomFields {
  user_login: string;
  user_pass: string;
  user_role: string;
  birthday: string;
  vip: boolean;
  score: number;
  orders: number;
  interests: readonly string[];
  last_seen: string;
  bio: string;
  nickname: string | null;
}

const oneHundredAndFiftyTags = Array.from({ length: 150 }, (_, n) => `tag ${String(n + 1).padStart(3, '0')}`);

export const seedPeople: readonly SeedPerson[] = [
  // 1: ordinary; the one the README uses
  { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', tags: ['customer', 'newsletter'] },
  // 2: every standard field filled
  {
    firstName: 'Grace',
    lastName: 'Hopper',
    email: 'grace.hopper@example.com',
    tags: ['customer', 'navy'],
    userId: 'customer-1906',
    phone: '+1 555 0100',
    city: 'Arlington',
    country: 'United States',
  },
  // 3: accents, precomposed
  {
    firstName: 'Zoë',
    lastName: 'Strüßmann-Ørsted',
    email: 'zoe@example.com',
    tags: ['Käufer', 'newsletter'],
  },
  // 4: the same kind of letters, but with combining accents
  { firstName: 'Jose\u0301', lastName: 'Nun\u0303ez', email: 'jose@example.com', tags: ['cafe\u0301'] },
  // 5: CJK
  { firstName: '太郎', lastName: '山田', email: 'taro.yamada@example.com', tags: ['顧客', 'ニュース'] },
  // 6: right to left
  { firstName: 'محمد', lastName: 'الخوارزمي', email: 'alkhwarizmi@example.com', tags: ['عميل'] },
  // 7: emoji, one of them a sequence of seven code points
  { firstName: 'Mia 👩‍👩‍👧‍👦', lastName: 'Sunshine 🎉', email: 'mia@example.com', tags: ['🎈 party'] },
  // 8: plus-address
  { firstName: 'Sam', lastName: 'Filter', email: 'sam.filter+lists@example.com', tags: ['newsletter'] },
  // 9: no e-mail
  { firstName: 'Nobody', lastName: 'Mailless', email: null, tags: ['phone only'], phone: '+49 555 0199' },
  // 10: nothing but an e-mail
  { firstName: null, lastName: null, email: 'bare@example.com', tags: [], enchargeTags: null },
  // 11: long values
  {
    firstName: 'Wolfeschlegelsteinhausenbergerdorff',
    lastName: 'L'.repeat(200),
    email: `${'long.'.repeat(12)}name@example.com`,
    tags: ['t'.repeat(250)],
    custom: { bio: 'All work and no play makes a dull row. '.repeat(200) },
  },
  // 12: more tags than one DynamoDB transaction holds items
  { firstName: 'Tina', lastName: 'Tagged', email: 'tina@example.com', tags: oneHundredAndFiftyTags },
  // 13: tags with inner and outer spaces; in Encharge also empty and repeated ones
  {
    firstName: 'Spencer',
    lastName: 'Spaces',
    email: 'spencer@example.com',
    tags: ['VIP customer', ' padded ', 'early bird'],
    enchargeTags: 'VIP customer,  padded  ,early bird,,VIP customer, ',
  },
  // 14: tags that mean something elsewhere
  {
    firstName: 'Otto',
    lastName: 'Odd',
    email: 'otto@example.com',
    tags: [
      '#hash',
      'a/b',
      '__proto__',
      'constructor',
      '100%',
      'key=value&more',
      '"quoted"',
      "it's",
      'back\\slash',
    ],
  },
  // 15: no tags at all
  { firstName: 'Nora', lastName: 'Untagged', email: 'nora@example.com', tags: [] },
  // 16: a custom field of every type
  {
    firstName: 'Katherine',
    lastName: 'Johnson',
    email: 'katherine@example.com',
    tags: ['customer'],
    custom: {
      bio: 'Mathematician',
      vip: true,
      orders: 42,
      score: 98.6,
      birthday: '1918-08-26',
      last_seen: '2026-03-14T15:09:26.535Z',
      interests: ['mathematics', 'space flight'],
      nickname: null,
    },
  },
  // 17: brings its own login and password
  {
    firstName: 'Linus',
    lastName: 'Login',
    email: 'linus@example.com',
    tags: ['customer'],
    custom: { user_login: 'linus.login', user_pass: 'not-a-real-password-1' },
  },
  // 18: brings its own role
  {
    firstName: 'Rosa',
    lastName: 'Role',
    email: 'rosa@example.com',
    tags: ['customer'],
    custom: { user_role: 'customer' },
  },
  // 19: HTML in the name
  {
    firstName: '<b>Bobby</b>',
    lastName: `O'Brien & "Sons" <script>alert(1)</script>`,
    email: 'bobby@example.com',
    tags: ['<i>tag</i>'],
  },
  // 20: upper-case e-mail
  { firstName: 'Ursula', lastName: 'Upper', email: 'Ursula.UPPER@EXAMPLE.COM', tags: ['newsletter'] },
  // 21, 22: one family
  { firstName: 'Emmy', lastName: 'Noether', email: 'emmy.noether@example.com', tags: ['customer'] },
  { firstName: 'Fritz', lastName: 'Noether', email: 'fritz.noether@example.com', tags: ['newsletter'] },
  // 23: one name only
  { firstName: 'Hypatia', lastName: null, email: 'hypatia@example.com', tags: ['customer'] },
  // 24: asks for a role a webhook must never give
  {
    firstName: 'Eve',
    lastName: 'Climber',
    email: 'eve@example.com',
    tags: ['customer'],
    custom: { user_role: 'administrator' },
  },
  // 25: values that are false but not empty, and empty ones; no tags as an empty text
  {
    firstName: 'Zero',
    lastName: '',
    email: 'zero@example.com',
    tags: [],
    enchargeTags: '',
    custom: { vip: false, score: 0, orders: 0, interests: [], nickname: '' },
  },
];

/** When the seed people came into their accounts. */
export const seededAt = '2026-01-05T09:00:00.000Z';
