import { createHash, timingSafeEqual } from 'node:crypto';
import { secureRandom } from '../../functions/random.ts';

const secretBytes = 32;

const digest = (text: string) => createHash('sha256').update(text).digest();
const isSame = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));

/** Who may use a console: whoever has opened the address that the terminal has printed. */
export interface Session {
  /** For the address, and good for one visit. */
  token: string;
  /** Named after the port, because cookies know none: two consoles of one browser keep theirs. */
  cookieName(port: number): string;
  /** The cookie's value for the right token; undefined for a wrong one, or one that was used. */
  begin(token: string): string | undefined;
  isOpen(cookie: string | undefined): boolean;
}

/** Makes the secrets of one run. Nothing of them is stored. */
export function createSession(): Session {
  const [token, cookie] = [secureRandom.bytes(secretBytes), secureRandom.bytes(secretBytes)].map((bytes) =>
    bytes.toString('base64url'),
  ) as [string, string];
  let isUsed = false;
  return {
    token,
    cookieName: (port) => `usher-console-${port}`,
    begin(given) {
      if (isUsed || !isSame(given, token)) return undefined;
      isUsed = true;
      return cookie;
    },
    isOpen: (given) => given !== undefined && isSame(given, cookie),
  };
}
