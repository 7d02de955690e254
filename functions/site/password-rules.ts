import type { Config } from '../config/config.ts';
import type { User } from '../users/user.ts';
import { commonPasswords } from './common-passwords.ts';

/** Why a password is refused: the name of the text that says so. */
export type PasswordProblem =
  | 'passwordTooShort'
  | 'passwordTooLong'
  | 'passwordRepeated'
  | 'passwordCommon'
  | 'passwordGuessable';

/** As many bytes of UTF-8 are hashed. */
export const longestPassword = 256;

const lettersOf = (text: string) => text.toLowerCase().replace(/\P{L}/gu, '');

/** What others know of the person and the site, without all that is no letter: digits and marks around it hide nothing. */
function knownWords({ site }: Pick<Config, 'site'>, { login, email, fields }: User): string[] {
  const [first = '', last = ''] = [fields['first_name'], fields['last_name']].map((name) =>
    String(name ?? ''),
  );
  const [localPart = ''] = email.split('@');
  const host = new URL(site.url).hostname;
  const known = [site.name, host, host.replace(/^www\./, ''), login, email, localPart];
  const names = [first, last, `${first}${last}`, `${last}${first}`, String(fields['display_name'] ?? '')];
  return [...known, ...names].map(lettersOf).filter((word) => word !== '');
}

/**
 * Why a password is not good enough, or undefined. No rules of composition, and nothing is cut: what is typed is what counts.
 *
 * https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
 */
export function passwordProblem(
  password: string,
  config: Pick<Config, 'site'>,
  user: User,
): PasswordProblem | undefined {
  const normal = password.normalize('NFKC');
  // As typed and as hashed: NFKC makes 18 characters of one `ﷺ`, and one of several that are typed.
  const forms = [password, normal].map((form) => [...form]);
  if (forms.some((characters) => characters.length < config.site.passwords.minLength))
    return 'passwordTooShort';
  if (Buffer.byteLength(normal) > longestPassword || Buffer.byteLength(password) > longestPassword)
    return 'passwordTooLong';
  if (forms.some((characters) => new Set(characters).size === 1)) return 'passwordRepeated';
  if (commonPasswords.includes(normal.toLowerCase())) return 'passwordCommon';
  const letters = lettersOf(normal);
  return knownWords(config, user).includes(letters) ? 'passwordGuessable' : undefined;
}
