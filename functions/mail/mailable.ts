import { asciiDomain, emailAddress } from './email-address.ts';

/** https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3 */
const dotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** https://www.rfc-editor.org/rfc/rfc1035#section-2.3.1 */
const hostLabel = /^[a-z\d-]{1,63}$/i;

/**
 * Whether SES takes an address at all. It refuses for good what is no dot-atom of ASCII in front of the @, and what is no host
 * name behind it: a mail to such an address would be tried for nothing.
 *
 * https://docs.aws.amazon.com/ses/latest/APIReference/API_Destination.html
 */
export function isMailable(email: string): boolean {
  const at = email.lastIndexOf('@');
  const labels = asciiDomain(email.slice(at + 1)).split('.');
  return (
    emailAddress(email) !== undefined &&
    dotAtom.test(email.slice(0, at)) &&
    labels.every((label) => hostLabel.test(label))
  );
}
