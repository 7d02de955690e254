import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { UsherError } from '../errors.ts';
import { bodyBytes, bodyText, type Payload, readForm, readPayload } from './body.ts';
import { unpacked } from './content-encoding.ts';
import { isMultipart, multipartFields } from './multipart.ts';

/**
 * Reads a request's body: uncompressed, as multipart, JSON or form.
 *
 * @throws UsherError `payload_too_large`, `malformed_body`
 */
export async function readBody(event: APIGatewayProxyEventV2): Promise<Payload> {
  const { headers } = event;
  const bytes = await unpacked(bodyBytes(event), headers['content-encoding']);
  return isMultipart(bytes, headers['content-type'])
    ? readForm(await multipartFields(bytes))
    : readPayload(bodyText(bytes));
}

/**
 * Reads a body in XML as its CRM does; undefined when it is none.
 *
 * @throws UsherError `payload_too_large`, `malformed_body`
 */
export async function readXml(
  event: APIGatewayProxyEventV2,
  parse: (text: string) => unknown,
): Promise<Payload | undefined> {
  const text = bodyText(await unpacked(bodyBytes(event), event.headers['content-encoding']));
  if (!text.trimStart().startsWith('<')) return undefined;
  try {
    return { kind: 'json', value: parse(text) };
  } catch {
    // The parser's message may quote the body.
    throw new UsherError('malformed_body', 'The body is not what this CRM sends.');
  }
}
