import { domainToASCII } from 'node:url';

/**
 * What no address holds: blanks, what has a meaning around addresses, and all that nobody sees. U+2800 is a Braille pattern
 * without a dot.
 */
const forbidden = /[\s<>()[\]\\,;:"\p{Cc}\p{Cf}\p{DI}\u2800]/u;
const unseenEnds = /^[\s\p{DI}\u2800]+|[\s\p{DI}\u2800]+$/gu;

/**
 * One address without display name: no encoded word, one @, a domain of letters, digits and marks with a dot. A domain with a
 * slash or a percent sign would be mailed to another one.
 */
const address = /^(?!.*=\?)[^@]{1,64}@[\p{L}\p{M}\p{N}._-]+\.[\p{L}\p{M}\p{N}_-]{2,}$/u;

/** `10.12` is read as the machine 10.0.0.12: https://url.spec.whatwg.org/#ends-in-a-number-checker */
const endsInNumber = /[@.](\d+|0x[\da-f]*)\.?$/i;

/** A domain in letters of other languages. One in ASCII stays as it is, and so do keys with it. */
const foreignDomain = /^(?=.*\P{ASCII})[\p{L}\p{M}\p{N}._-]+$/u;

/** https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3 */
const longest = 254;

/** Blanks around an address are forgiven, but not for ever. */
const longestWritten = 1024;

function trimmed(text: string): string {
  return text.normalize('NFC').replace(unseenEnds, '');
}

/**
 * The address in a text as it is kept and mailed to: trimmed, in NFC. Undefined when the text holds none.
 *
 * Deliberately liberal: whether an address works only a mail can tell. Strict where it guards mail headers.
 */
export function emailAddress(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > longestWritten) return undefined;
  const kept = trimmed(text);
  if (!isShort(kept) || endsInNumber.test(uniqueSpelling(kept))) return undefined;
  // Also in the spelling of keys: a full-width comma becomes a comma, a full-width @ a second one.
  const isAddress = [kept, uniqueSpelling(kept)].every((one) => !forbidden.test(one) && address.test(one));
  return isAddress ? kept : undefined;
}

/** The first character of a text that no address may have, for people to look for: `U+200B`. */
export function forbiddenCharacter(text: string): string | undefined {
  if (text.length > longestWritten) return undefined;
  const [found] = forbidden.exec(trimmed(text)) ?? [];
  return found && `U+${found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** At most 254 characters, also in the spelling that keys of the table are made of: one `ﷺ` becomes 18. */
export function isShort(text: string): boolean {
  return text.length <= longest && uniqueSpelling(text).length <= longest;
}

/**
 * The spelling under which an address or a username is unique: `Ada@Example.com` and `ada@example.com` are one, and so are
 * `ada@bücher.example` and `ada@xn--bcher-kva.example`. NFKC folds look-alikes of width and form (`ａ` and `a`).
 */
export function uniqueSpelling(text: string): string {
  const folded = text.normalize('NFKC').trim();
  const start = folded.lastIndexOf('@') + 1;
  const domain = folded.slice(start);
  if (start === 0 || !foreignDomain.test(domain)) return folded.toLowerCase();
  // Empty when it is no domain: then it is unique as it stands.
  // Lower case is its own affair: a Greek sigma at the end of a word is another letter to `toLowerCase`, not to domains.
  return folded.slice(0, start).toLowerCase() + (asciiDomain(domain) || domain.toLowerCase());
}

/**
 * A domain in its ASCII form; empty when it is none, or would become an IP address.
 *
 * https://www.unicode.org/reports/tr46/
 */
export function asciiDomain(domain: string): string {
  return endsInNumber.test(`@${domain.normalize('NFKC')}`) ? '' : domainToASCII(domain);
}

/**
 * Whether an address differs from its unique spelling in nothing but case and the way its domain is written. Then it is the
 * same mailbox; with a look-alike in front of the @ it may be another one.
 */
export function isPlainlySpelled(email: string): boolean {
  const localPart = (address: string) => address.slice(0, address.lastIndexOf('@'));
  return localPart(email.toLowerCase()) === localPart(uniqueSpelling(email));
}
