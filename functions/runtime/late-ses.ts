import type { SESClient } from '@aws-sdk/client-ses';
import { loadedOnce } from './loaded-once.ts';

/** What the project's code does with SES's client. */
export type Ses = Pick<SESClient, 'send' | 'destroy'>;

/** A client of SES that is loaded with the first mail: only effects send any. */
export function lateSes(load: () => Promise<SESClient>): Ses {
  let client: SESClient | undefined;
  const loaded = loadedOnce(async () => {
    client = await load();
    return client;
  });
  const send = async (...args: Parameters<SESClient['send']>) => (await loaded()).send(...args);
  return { send: send as SESClient['send'], destroy: () => client?.destroy() };
}
