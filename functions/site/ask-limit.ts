import { createHash } from 'node:crypto';
import type { TryLimit } from '../users/tries.ts';
import { networkOf } from './network.ts';

/** What is kept of a network that asks. */
export const networkDigest = (ip: string): string =>
  createHash('sha256').update(networkOf(ip, '/24')).digest('hex').slice(0, 32);

/**
 * How often one network may ask for links, for whomever. Each asking makes a job, whether there is such a person or not, and the
 * jobs of webhooks wait behind those.
 */
export const askLimit = (network: string): TryLimit => ({
  subject: ['network', network],
  what: ['link'],
  most: 300,
  seconds: 15 * 60,
});
