import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a vendor makes a digest of what it sends, and how it writes it. */
export interface HmacForm {
  algorithm?: 'sha256' | 'sha1';
  encoding?: 'hex' | 'base64';
}

/** Whether a header holds the HMAC of these parts, one after the other. Takes as long for a wrong one of the same length. */
export function isHmac(
  given: string | undefined,
  secret: string,
  parts: readonly (string | Uint8Array)[],
  { algorithm = 'sha256', encoding = 'hex' }: HmacForm = {},
): boolean {
  const hmac = createHmac(algorithm, secret);
  for (const part of parts) hmac.update(part);
  const [wanted, sent] = [hmac.digest(), Buffer.from(given ?? '', encoding)];
  return wanted.length === sent.length && timingSafeEqual(wanted, sent);
}

/** What is older may have been recorded and sent again. In milliseconds. */
const tolerance = 300_000;

/** Whether something was signed just now. */
export const isRecent = (sentAt: number, now: Date): boolean => Math.abs(now.getTime() - sentAt) <= tolerance;

/**
 * Whether a header `t=<seconds>,v1=<hex>` holds the HMAC-SHA256 of time, dot and body. While a vendor's secret is exchanged there
 * are several `v1`.
 */
export function isTimedHmac(
  header: string | undefined,
  secret: string,
  { body, now }: { body: Uint8Array; now: Date },
): boolean {
  const pairs = (header ?? '').split(',').map((pair) => pair.trim().split('='));
  const values = (name: string) => pairs.flatMap(([key, value = '']) => (key === name ? [value] : []));
  const [time = ''] = values('t');
  if (!/^\d+$/.test(time) || !isRecent(Number(time) * 1000, now)) return false;
  return values('v1').some((one) => isHmac(one, secret, [`${time}.`, body]));
}
