/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const read = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [read(head), read(tail ?? '')];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/**
 * The network that an address belongs to, as far as one person may have all of it: the /64 of IPv6, and of IPv4 the address
 * itself or its /24.
 *
 * @param address IPv4 or IPv6; one that is mapped into IPv6 is the IPv4 address
 */
export function networkOf(address: string, ipv4: 'address' | '/24'): string {
  let bytes = address.split('.');
  if (address.includes(':')) {
    const groups = groupsOf(address.replace(/%.*$/, ''));
    const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
    if (!isMapped) return groups.slice(0, 4).join(':');
    bytes = groups.slice(6).flatMap((group) => [String(group >> 8), String(group & 255)]);
  }
  return bytes.slice(0, ipv4 === '/24' ? 3 : 4).join('.');
}
