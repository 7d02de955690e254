import { argon2, hkdfSync, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '../random.ts';

const derive = promisify(argon2);

interface Cost {
  memoryKiB: number;
  passes: number;
}

/** OWASP's first recommendation for argon2id: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const full: Cost = { memoryKiB: 19 * 1024, passes: 2 };
/**
 * Nobody guesses 119 random bits, however fast a guess is: from 112 on NIST asks for no slow hash.
 * https://pages.nist.gov/800-63-4/sp800-63b.html (look-up secrets)
 */
const light: Cost = { memoryKiB: 1024, passes: 1 };
const parallelism = 1;
const tagLength = 32;
const saltLength = 16;

const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
const headOf = ({ memoryKiB, passes }: Cost) => `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$`;

async function hashAt(cost: Cost, password: string, random: Random): Promise<string> {
  const nonce = random.bytes(saltLength);
  const hash = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce,
    memory: cost.memoryKiB,
    passes: cost.passes,
    parallelism,
    tagLength,
  });
  return `${headOf(cost)}${unpadded(nonce)}$${unpadded(hash)}`;
}

/**
 * Hashes a password with argon2id into a PHC string, which the argon2 library of any language verifies.
 *
 * https://github.com/P-H-C/phc-string-format
 */
export const hashPassword = (password: string, random: Random): Promise<string> =>
  hashAt(full, password, random);

/** The same at an eightieth of the cost, for a password of `derivePassword` and no other. */
export const hashGenerated = (password: string, random: Random): Promise<string> =>
  hashAt(light, password, random);

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const isLight = (hash: string): boolean => hash.startsWith(headOf(light));

/** Whether a PHC string has the parameters of today, for the password that it was verified with. A light one is enough for a generated one only. */
export const isOfToday = (hash: string, password: string): boolean =>
  hash.startsWith(headOf(full)) || (isLight(hash) && generatedForm.test(password));

/**
 * Whether a password is the one behind a PHC string made by `hashPassword`. False for any other string.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, memory, time, lanes, salt, tag] = phc.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) return false;
  const expected = Buffer.from(tag, 'base64');
  const actual = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(time),
    parallelism: Number(lanes),
    tagLength: expected.length,
  });
  return timingSafeEqual(actual, expected);
}

/** What a password is compared with where there is no hash that costs so much, so that it takes as long. */
const nobodys = (cost: Cost) =>
  `${headOf(cost)}${unpadded(new Uint8Array(saltLength))}$${unpadded(new Uint8Array(tagLength))}`;

/**
 * The same for a user's hash or none. When the password is wrong the time does not tell which it was: it takes one full and one light
 * hash in every case.
 */
export async function verifyLogin(password: string, hash: string | undefined): Promise<boolean> {
  const compared = hash !== undefined && phc.test(hash) ? hash : nobodys(full);
  if (await verifyPassword(password, compared)) return true;
  await verifyPassword(password, nobodys(isLight(compared) ? full : light));
  return false;
}

const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const generatedLength = 20;
const generatedForm = new RegExp(`^[A-Za-z0-9]{${generatedLength}}$`);
/** Of which three in a hundred are not used: 20 remain but for once in 10^150 times. */
const derivedBytes = 256;

/** The largest multiple of 62 in a byte: what is above would make some letters likelier. */
const evenBytes = 256 - (256 % lettersAndDigits.length);

/**
 * A password of 20 letters and digits (119 bits), for people to copy out of a mail. The same for the same secret and salt.
 *
 * https://www.rfc-editor.org/rfc/rfc5869
 */
export function derivePassword(secret: string, salt: string): string {
  const bytes = Buffer.from(hkdfSync('sha256', secret, salt, 'usher return_password', derivedBytes));
  const even = [...bytes].filter((byte) => byte < evenBytes).slice(0, generatedLength);
  return even.map((byte) => lettersAndDigits[byte % lettersAndDigits.length]).join('');
}
