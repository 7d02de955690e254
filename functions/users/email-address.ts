import { domainToASCII } from 'node:url';

/**
 * One address without display name: no spaces, nothing invisible, no encoded word, one @, a domain of letters, digits
 * and marks with a dot. A domain with a slash or a percent sign would be mailed to another one.
 */
const address =
  /^(?!.*=\?)[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,64}@[\p{L}\p{M}\p{N}._-]+\.[\p{L}\p{M}\p{N}_-]{2,}$/u;

/** A domain in letters of other languages. One in ASCII stays as it is, and so do keys with it. */
const foreignDomain = /^(?=.*\P{ASCII})[\p{L}\p{M}\p{N}._-]+$/u;

/** https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3 */
const longest = 254;

/**
 * The address in a text as it is kept and mailed to: trimmed, in NFC. Undefined when the text holds none.
 *
 * Deliberately liberal: whether an address works only a mail can tell. Strict where it guards mail headers.
 */
export function emailAddress(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const trimmed = text.normalize('NFC').trim();
  // Also in the spelling of keys: a full-width comma becomes a comma, a full-width @ a second one.
  const isAddress = isShort(trimmed) && [trimmed, uniqueSpelling(trimmed)].every((one) => address.test(one));
  return isAddress ? trimmed : undefined;
}

/** At most 254 characters, also in the spelling that keys of the table are made of: one `ﷺ` becomes 18. */
export function isShort(text: string): boolean {
  return text.length <= longest && uniqueSpelling(text).length <= longest;
}

/**
 * The spelling under which an address or a username is unique: `Ada@Example.com` and `ada@example.com` are one, and so are
 * `ada@bücher.example` and `ada@xn--bcher-kva.example`. NFKC folds look-alikes of width and form (`ａ` and `a`).
 *
 * https://www.unicode.org/reports/tr46/
 */
export function uniqueSpelling(text: string): string {
  const folded = text.normalize('NFKC').trim();
  const start = folded.lastIndexOf('@') + 1;
  const domain = folded.slice(start);
  if (start === 0 || !foreignDomain.test(domain)) return folded.toLowerCase();
  // Lower case is its own affair: a Greek sigma at the end of a word is another letter to `toLowerCase`, not to domains.
  // Empty when it is no domain: then it is unique as it stands.
  return folded.slice(0, start).toLowerCase() + (domainToASCII(domain) || domain.toLowerCase());
}

/**
 * Whether an address differs from its unique spelling in nothing but case and the way its domain is written. Then it is the
 * same mailbox; with a look-alike in front of the @ it may be another one.
 */
export function isPlainlySpelled(email: string): boolean {
  const localPart = (address: string) => address.slice(0, address.lastIndexOf('@'));
  return localPart(email.toLowerCase()) === localPart(uniqueSpelling(email));
}
