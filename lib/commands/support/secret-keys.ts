import type { Random } from '../../../functions/random.ts';
import { freshMs, refreshMs } from '../../../functions/runtime/key-ring.ts';
import { confirm } from './confirm.ts';
import type { Deployment } from './deployment.ts';
import { changeStored, fingerprint, readStored, type StoredSecret } from './stored-secret.ts';
import { CommandError, type Terminal } from './terminal.ts';

/** 256 bits, in 43 characters that a URL takes as they are. */
const keyBytes = 32;
/** More than the current and the next one is a rotation that was never ended. */
const mostKeys = 2;

/** A secret whose keys are listed, rotated and revoked, and what its commands say of it. */
export interface KeyedSecret extends StoredSecret {
  /** What stands above its keys. */
  heading: string;
  /** What its JSON begins with. */
  about: Readonly<Record<string, string>>;
  rotate: string;
  revoke: string;
  /** What is to be done with a new key, and by which command. */
  newKey: readonly [what: string, command: string];
  /** What a key that is revoked was good for. */
  lostBy: { revoking: string; lastOne: string };
}

interface ListOptions {
  showKey?: boolean;
  json?: boolean;
}

/** Prints the keys of a secret by their fingerprints. */
export async function listKeys(
  deployment: Deployment,
  secret: KeyedSecret,
  { showKey, json }: ListOptions,
  { out }: Terminal,
): Promise<void> {
  const { accessKeys } = await readStored(deployment, secret);
  const keys = accessKeys.map((key, index) => ({
    position: index === 0 ? 'current' : 'next',
    fingerprint: fingerprint(key),
    ...(showKey ? { key } : {}),
  }));
  if (json) return out(JSON.stringify({ ...secret.about, keys }));
  out(secret.heading);
  for (const { position, fingerprint: made, key = '' } of keys)
    out(`  ${position.padEnd(7)}  ${made}  ${key}`.trimEnd());
  if (keys.length === 0) out('  no key');
}

function explainRotation(
  { newKey: [what, command], revoke }: KeyedSecret,
  made: string,
  old: string | undefined,
): string[] {
  const steps = [
    [`1. ${what}:`, command],
    ['2. When nothing sends the old key:', revoke],
  ];
  const width = Math.max(...steps.map(([text = '']) => text.length));
  return [
    `The key ${made} is accepted from ${refreshMs / 1000} seconds from now on${old === undefined ? '.' : `, beside ${old}.`}`,
    ...steps
      .slice(0, old === undefined ? 1 : 2)
      .map(([text = '', words]) => `${text.padEnd(width)}  ${words}`),
  ];
}

/** Adds a key to a secret, beside the one that it has. */
export async function rotateKey(
  deployment: Deployment,
  secret: KeyedSecret,
  { showKey, json }: ListOptions,
  { out, err, now, random }: Terminal & { random: Random },
): Promise<void> {
  const key = random.bytes(keyBytes).toString('base64url');
  const { accessKeys } = await changeStored(deployment, secret, (before) => {
    const count = before.accessKeys.length;
    if (count < mostKeys) return { ...before, accessKeys: [...before.accessKeys, key] };
    throw new CommandError(
      `${count} keys of ${secret.of} are valid already. Revoke the older one first: ${secret.revoke}`,
    );
  });
  const made = fingerprint(key);
  if (json) {
    const accepted = new Date(now().getTime() + refreshMs).toISOString();
    const shown = showKey ? { key } : {};
    return out(JSON.stringify({ ...secret.about, fingerprint: made, accepted_from: accepted, ...shown }));
  }
  out(showKey ? key : made);
  const old = accessKeys.find((one) => one !== key);
  for (const line of explainRotation(secret, made, old && fingerprint(old))) err(line);
}

function chooseKey(
  accessKeys: readonly string[],
  { of, rotate, lostBy }: KeyedSecret,
  wanted: string | undefined,
): string {
  const known = accessKeys.map(fingerprint);
  const key = wanted === undefined ? accessKeys[0] : accessKeys[known.indexOf(wanted.toLowerCase())];
  if (key === undefined) {
    throw new CommandError(
      `No key of ${of} is ${wanted ?? 'there at all'}. Its keys: ${known.join(', ') || 'none'}.`,
    );
  }
  if (accessKeys.length === 1) {
    throw new CommandError(
      `${known.join()} is the last key of ${of}, and without one ${lostBy.lastOne}. Make a new one first: ${rotate}`,
    );
  }
  return key;
}

async function removeKey(deployment: Deployment, secret: KeyedSecret, key: string): Promise<string[]> {
  const { accessKeys } = await changeStored(deployment, secret, (before) => {
    const rest = before.accessKeys.filter((one) => one !== key);
    // Somebody may have revoked the other one while this one was asked.
    if (rest.length > 0) return { ...before, accessKeys: rest };
    throw new CommandError('The keys have changed meanwhile. Nothing was revoked.');
  });
  return accessKeys;
}

interface RevokeOptions {
  fingerprint?: string;
  yes?: boolean;
  json?: boolean;
}

/** Asks, and takes a key out of a secret: the older one, or the one that is named. */
export async function revokeKey(
  deployment: Deployment,
  secret: KeyedSecret,
  options: RevokeOptions,
  terminal: Terminal,
): Promise<void> {
  const { accessKeys } = await readStored(deployment, secret);
  const key = chooseKey(accessKeys, secret, options.fingerprint);
  const revoked = fingerprint(key);
  const question = `Revoke the key ${revoked} of ${secret.of}? ${secret.lostBy.revoking}`;
  await confirm(terminal, question, options.yes);
  const rest = await removeKey(deployment, secret, key);
  if (options.json) {
    const refused = new Date(terminal.now().getTime() + freshMs).toISOString();
    const remaining = rest.map(fingerprint);
    return terminal.out(JSON.stringify({ ...secret.about, revoked, remaining, refused_from: refused }));
  }
  terminal.out(`The key ${revoked} is revoked.`);
  terminal.err(
    `It is refused after ${freshMs / 60_000} minutes at the latest: so long a function may remember it.`,
  );
}
