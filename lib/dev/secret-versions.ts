import { randomUUID } from 'node:crypto';

export interface SecretVersion {
  readonly value: string;
  readonly versionId: string;
  readonly createdAt: number;
}

/** One secret: the version that counts, and those that are to follow it. */
export class SecretVersions {
  #current: SecretVersion;
  readonly #prepared = new Map<string, SecretVersion>();

  constructor(value: string) {
    this.#current = version(value);
  }

  get current(): SecretVersion {
    return this.#current;
  }

  /** A new value that counts at once. */
  set(value: string, versionId?: string): SecretVersion {
    this.#current = version(value, versionId);
    return this.#current;
  }

  /** A new value under a label of its own, which counts only when it becomes the current one. */
  prepare(value: string, versionId?: string): SecretVersion {
    const prepared = version(value, versionId);
    this.#prepared.set(prepared.versionId, prepared);
    return prepared;
  }

  /** Whether the version to follow took the place of `before`: not when that is no longer the current one. */
  replace(before = '', following = ''): boolean {
    const prepared = this.#prepared.get(following);
    if (this.#current.versionId !== before || !prepared) return false;
    this.#current = prepared;
    // They were to follow the version before.
    this.#prepared.clear();
    return true;
  }
}

const version = (value: string, versionId: string = randomUUID()): SecretVersion => ({
  value,
  versionId,
  createdAt: Date.now() / 1000,
});
