import * as z from 'zod';

/** 192 bits in base64url. White space comes with what an operator pastes in the console. */
const accessKey = z.string().trim().min(32);

/** Goes into a header; what no header can hold counts as no token, which says so instead of "the CRM does not answer". */
const apiToken = z
  .string()
  .trim()
  .transform((token) => (/^[\x20-\x7E]*$/.test(token) ? token : ''));

/** What the secret of a connection holds. */
export interface ConnectionSecret {
  /** The current key and, while rotating, the next one. */
  accessKeys: string[];
  /** Empty until an operator has stored a usable one. */
  apiToken: string;
}

/**
 * CloudFormation can generate no list: a secret it made holds one `accessKey`, which counts until `accessKeys` are
 * written, and no longer.
 */
const schema = z.union([
  z.object({ accessKeys: z.array(accessKey), apiToken }),
  z
    .object({ accessKeys: z.undefined().optional(), accessKey, apiToken })
    .transform(({ accessKey: generated, apiToken: token }) => ({ accessKeys: [generated], apiToken: token })),
]);

/**
 * Reads the text of a connection's secret.
 *
 * @throws SyntaxError or z.ZodError, whose messages may quote it
 */
export function readConnectionSecret(text: string): ConnectionSecret {
  return schema.parse(JSON.parse(text));
}
