import { createHash, createHmac, createSecretKey, type Hash, type Hmac } from 'node:crypto';

type Data = string | ArrayBuffer | ArrayBufferView;

const bytesOf = (data: Exclude<Data, string>) =>
  ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);

/**
 * SHA-256, and HMAC with a secret, as the SDK's clients take it to sign their requests (option `sha256`).
 *
 * The SDK's own hands Node.js the secret as bytes, for which Node.js 24 throws and catches an error each time: five times as
 * slow as a key object, in every request.
 */
export class Sha256 {
  readonly #secret: Parameters<typeof createHmac>[1] | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: Data) {
    this.#secret =
      secret === undefined || typeof secret === 'string' ? secret : createSecretKey(bytesOf(secret));
    this.#hash = this.#begin();
  }

  update(data: Data): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}
