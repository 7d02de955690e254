import type { APIGatewayProxyEventV2 } from 'aws-lambda';
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
