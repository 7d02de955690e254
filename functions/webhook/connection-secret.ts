import * as z from 'zod';

/** 192 bits in base64url. */
const accessKey = z.string().min(32);

/** What the secret of a connection holds. */
export interface ConnectionSecret {
  /** The current key and, while rotating, the next one. */
  accessKeys: string[];
  /** Empty until an operator has stored one. */
  apiToken: string;
}

/**
 * CloudFormation can generate no list: a secret it made holds one `accessKey`, which counts until `accessKeys` are
 * written, and no longer.
 */
const schema = z.union([
  z.object({ accessKeys: z.array(accessKey), apiToken: z.string() }),
  z
    .object({ accessKeys: z.undefined().optional(), accessKey, apiToken: z.string() })
    .transform(({ accessKey: generated, apiToken }) => ({ accessKeys: [generated], apiToken })),
]);

/**
 * Reads the text of a connection's secret.
 *
 * @throws SyntaxError or z.ZodError, whose messages may quote it
 */
export function readConnectionSecret(text: string): ConnectionSecret {
  return schema.parse(JSON.parse(text));
}
