import { argon2, hkdfSync, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '../random.ts';

const derive = promisify(argon2);

/** OWASP's first recommendation for argon2id: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const memoryKiB = 19 * 1024;
const passes = 2;
const parallelism = 1;
const tagLength = 32;
const saltLength = 16;

const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/**
 * Hashes a password with argon2id into a PHC string, which the argon2 library of any language verifies.
 *
 * https://github.com/P-H-C/phc-string-format
 */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const nonce = random.bytes(saltLength);
  const hash = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce,
    memory: memoryKiB,
    passes,
    parallelism,
    tagLength,
  });
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(hash)}`;
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Whether a PHC string has the parameters of today. */
export const isOfToday = (hash: string): boolean =>
  hash.startsWith(`$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$`);

/** What a password is compared with where there is none, so that it takes as long. */
export const nobodysHash = `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${unpadded(new Uint8Array(saltLength))}$${unpadded(new Uint8Array(tagLength))}`;

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

const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const generatedLength = 20;
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
