import * as z from 'zod/mini';
import type { Credentials } from '../crm/connector.ts';

/** 192 bits in base64url. White space comes with what an operator pastes in the console. */
const accessKey = z.string().check(z.trim(), z.minLength(32));

/** Goes into a header; what no header can hold counts as no token, which says so instead of "the CRM does not answer". */
const credential = z.pipe(
  z.string().check(z.trim()),
  z.transform((token) => (/^[\x20-\x7E]*$/.test(token) ? token : '')),
);

/** What the secret of a connection holds. */
export interface ConnectionSecret {
  /** The current key and, while rotating, the next one. */
  accessKeys: string[];
  /** By the names of the connector's `secrets`. Empty until an operator has stored usable ones. */
  credentials: Credentials;
}

/** Credentials by their names; what else stands there is somebody's note. */
function textsIn(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      // What webhooks are signed with goes into no header: any text will do, and none may be lost, which would end the check.
      if (name === 'webhookSecret') return [[name, String(value).trim()]];
      const { data } = credential.safeParse(value);
      return data === undefined ? [] : [[name, data]];
    }),
  );
}

/**
 * CloudFormation can generate no list: a secret it made holds one `accessKey`, which counts until `accessKeys` are
 * written, and no longer.
 */
const schema = z.pipe(
  z.catchall(
    z.object({
      accessKeys: z.optional(z.array(accessKey)),
      accessKey: z.optional(z.unknown()),
      apiToken: credential,
    }),
    z.unknown(),
  ),
  z.transform(({ accessKeys, accessKey: generated, ...others }, context) => {
    const { data: first } = accessKey.safeParse(generated);
    const keys = accessKeys ?? (first === undefined ? undefined : [first]);
    if (keys) return { accessKeys: keys, credentials: { ...textsIn(others), apiToken: others.apiToken } };
    context.issues.push({ code: 'custom', message: 'it has no access keys', input: generated });
    return z.NEVER;
  }),
);

/**
 * Reads the text of a connection's secret.
 *
 * @throws SyntaxError or z.core.$ZodError, whose messages may quote it
 */
export function readConnectionSecret(text: string): ConnectionSecret {
  return schema.parse(JSON.parse(text));
}
