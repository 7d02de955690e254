/** A custom attribute as `GET attributes/` describes it: https://apidocs.user.com/attributes/ */
interface UserEngageAttribute {
  id: number;
  name: string;
  name_std: string;
  value_type: 'string' | 'boolean' | 'integer' | 'float' | 'date' | 'datetime' | 'fixed';
  content_type: 'user';
}

const definitions = [
  ['WP password', 'wp_password', 'string'],
  ['User login', 'user_login', 'string'],
  ['User pass', 'user_pass', 'string'],
  ['User role', 'user_role', 'string'],
  ['Birthday', 'birthday', 'date'],
  ['VIP', 'vip', 'boolean'],
  ['Score', 'score', 'float'],
  ['Orders', 'orders', 'integer'],
  ['Interests', 'interests', 'fixed'],
  ['Last seen', 'last_seen', 'datetime'],
  ['Bio', 'bio', 'string'],
  ['Nickname', 'nickname', 'string'],
] as const;

/** The custom attributes of the sandbox account, by `name_std`. Only these can be written. */
export const userEngageAttributes: ReadonlyMap<string, UserEngageAttribute> = new Map(
  definitions.map(([name, name_std, value_type], index) => [
    name_std,
    { id: 1001 + index, name, name_std, value_type, content_type: 'user' },
  ]),
);
