/** The header of HTTP basic authentication: https://www.rfc-editor.org/rfc/rfc7617 */
export const basicAuth = (name: string | undefined, password: string | undefined): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
