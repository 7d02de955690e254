/** What stands in a secret's place. */
const mask = '••••••••';

/** Names of what nobody should see over a shoulder, in anybody's spelling. */
const secretName = /pass|pwd|secret|token|api_?key|access_?key|authorization|^salt$|^key$/i;

/** Whether a field of this name holds what nobody should see, where it holds anything. */
export const isSecretField = (name: string, value: unknown): boolean =>
  secretName.test(name) && value !== null && typeof value !== 'object' && value !== '';

/** A value without its secrets: those under such a name, and those that are known wherever they stand. */
export function masked(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return maskedText(value, secrets);
  if (Array.isArray(value)) return value.map((one) => masked(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => {
    return [name, isSecretField(name, one) ? mask : masked(one, secrets)] as const;
  });
  return Object.fromEntries(entries);
}

function maskedText(text: string, secrets: readonly string[]): string {
  let rest = text;
  for (const secret of secrets) if (secret !== '') rest = rest.replaceAll(secret, mask);
  return rest.replace(/\b(access_key|api_key|key|token)=[^&\s"]+/gi, `$1=${mask}`);
}

/** As much of a text as somebody wants to read. */
const longest = 20_000;

/** A body as JSON where it is some, else as text. */
export function maskedBody(body: string, secrets: readonly string[]): unknown {
  try {
    const value: unknown = JSON.parse(body);
    if (body.length <= longest) return masked(value, secrets);
  } catch {
    // Forms, XML and web pages are shown as they are.
  }
  const name = /((?:"|\b)\w*(?:pass|pwd|secret|token)\w*"?\s*[=:>]\s*"?)[^"&<,\s]+/gi;
  const text = maskedText(body.slice(0, longest), secrets).replace(name, `$1${mask}`);
  return body.length > longest ? `${text} … (${body.length} characters)` : text;
}
