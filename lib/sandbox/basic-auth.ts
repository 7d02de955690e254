/** What the header `Authorization` says for a user's name and password, or for a key and an empty password. */
export function basicAuth(name: string | undefined, password: string | undefined): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}
