import { UsherError } from '../errors.ts';

/** The boundary is the body's first line, whatever the content type says of it. */
const firstLine = /^\s*--([^\r\n"\\]{1,70})\r?\n/;

/** Whether a body is multipart/form-data, by its content type or by its beginning. */
export function isMultipart(bytes: Buffer, contentType = ''): boolean {
  const start = bytes.toString('latin1', 0, 512);
  if (/^\s*[{["]/.test(start)) return false;
  return /^multipart\/form-data\b/i.test(contentType.trim()) || /^\s*--[^\r\n]+\r?\nContent-/i.test(start);
}

/**
 * The text fields of a multipart/form-data body; files are none.
 *
 * https://www.rfc-editor.org/rfc/rfc7578
 *
 * @throws UsherError `malformed_body`
 */
export async function multipartFields(bytes: Buffer): Promise<URLSearchParams> {
  const [, boundary] = firstLine.exec(bytes.toString('latin1', 0, 512)) ?? [];
  const malformed = () =>
    new UsherError(
      'malformed_body',
      'The body is said to be multipart/form-data and is not, or not to its end.',
    );
  if (boundary === undefined) throw malformed();
  const headers = { 'content-type': `multipart/form-data; boundary="${boundary}"` };
  try {
    // The language's own reader. Its first use loads `fetch`, so it is asked only for such bodies.
    const fields = await new Response(new Uint8Array(bytes), { headers }).formData();
    return new URLSearchParams(
      [...fields].filter((field): field is [string, string] => typeof field[1] === 'string'),
    );
  } catch {
    throw malformed();
  }
}
