import { asciiDomain } from './email-address.ts';

/** What a name in front of an address may consist of without quotes: https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3 */
const plainName = /^[\w !#$%&'*+/=?^`{|}~-]*$/;
const ascii = /^[\x20-\x7E]*$/;
/** An encoded word has at most 75 characters, 12 of them around 60 of base64, which stand for 45 bytes. */
const bytesInWord = 45;

/** SES takes domains outside ASCII only in their ASCII form. */
export function deliverable(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = asciiDomain(email.slice(at + 1));
  return domain === '' ? email : `${email.slice(0, at)}@${domain}`;
}

/** https://www.rfc-editor.org/rfc/rfc2047 */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > bytesInWord) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ');
}

/**
 * A configured `Name <address>` as SES takes it in a header: names outside ASCII as encoded words, names with
 * punctuation in quotes.
 *
 * https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
 */
export function headerMailbox(mailbox: string): string {
  const [, name = '', address = mailbox] = /^([^<>]*)<([^<>]+)>$/.exec(mailbox) ?? [];
  const [, quoted] = /^"(.*)"$/.exec(name.trim()) ?? [];
  const shown = quoted?.replace(/\\(.)/g, '$1') ?? name.trim();
  if (shown === '') return deliverable(address.trim());
  const phrase = plainName.test(shown)
    ? shown
    : ascii.test(shown)
      ? `"${shown.replace(/["\\]/g, '\\$&')}"`
      : encodedWords(shown);
  return `${phrase} <${deliverable(address.trim())}>`;
}
