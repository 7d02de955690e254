/** A person field as `GET /fields` describes it: `PersonField` of https://docs.encharge.io */
interface EnchargeField {
  name: string;
  title: string;
  type: 'string' | 'number' | 'boolean' | 'integer' | 'any';
  format: 'date' | 'date-time' | null;
  readOnly: boolean;
  array: boolean;
  canMapFrom: boolean;
  firstClassField: boolean;
  createdBy: 'system' | 'user';
}

type Traits = Partial<Omit<EnchargeField, 'name' | 'title'>>;

function field(name: string, title: string, traits: Traits = {}): EnchargeField {
  return {
    name,
    title,
    type: 'string',
    format: null,
    readOnly: false,
    array: false,
    canMapFrom: true,
    firstClassField: false,
    createdBy: 'user',
    ...traits,
  };
}

function systemField(name: string, title: string, traits: Traits = {}): EnchargeField {
  return field(name, title, { firstClassField: true, createdBy: 'system', ...traits });
}

/** The fields of the sandbox account; writing an unknown one to a person adds it, as in Encharge. */
export const enchargeFields: readonly EnchargeField[] = [
  systemField('id', 'Encharge ID', { readOnly: true }),
  systemField('email', 'Email'),
  systemField('userId', 'User ID'),
  systemField('name', 'Name'),
  systemField('firstName', 'First Name'),
  systemField('lastName', 'Last Name'),
  systemField('phone', 'Phone'),
  systemField('city', 'City'),
  systemField('country', 'Country'),
  systemField('leadScore', 'Lead Score', { type: 'number', readOnly: true }),
  systemField('CommunicationCategories', 'Communication Categories', { type: 'any' }),
  systemField('tags', 'Tags'),
  systemField('createdAt', 'Created At', { format: 'date-time', readOnly: true }),
  systemField('updatedAt', 'Updated At', { format: 'date-time', readOnly: true }),
  field('wpPassword', 'WP password'),
  field('user_login', 'User login'),
  field('user_pass', 'User pass'),
  field('user_role', 'User role'),
  field('birthday', 'Birthday', { format: 'date' }),
  field('vip', 'VIP', { type: 'boolean' }),
  field('score', 'Score', { type: 'number' }),
  field('orders', 'Orders', { type: 'integer' }),
  field('interests', 'Interests', { array: true }),
  field('lastSeen', 'Last seen', { format: 'date-time' }),
  field('bio', 'Bio'),
  field('nickname', 'Nickname'),
];

const knownNames = new Set(enchargeFields.map(({ name }) => name));

/** The account's fields plus one for every further name that people carry. */
export function fieldsCarriedBy(people: Iterable<object>): EnchargeField[] {
  const added = new Map<string, EnchargeField>();
  for (const person of people) {
    for (const [name, value] of Object.entries(person)) {
      if (!knownNames.has(name) && !added.has(name)) added.set(name, field(name, name, traitsOf(value)));
    }
  }
  return [...enchargeFields, ...added.values()];
}

function traitsOf(value: unknown): Traits {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return { type: typeof value === 'number' ? 'number' : 'boolean' };
  }
  return Array.isArray(value) ? { array: true } : {};
}
