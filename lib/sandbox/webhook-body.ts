export interface WebhookBody {
  /**
   * All headers that the CRM sets itself. Where `content-type` is missing it is missing on the wire too: send the
   * body as bytes, because `fetch` adds `text/plain` to a text.
   */
  headers: Record<string, string>;
  body: string;
}

/** The body of a webhook as JSON. */
export function jsonBody(value: object): WebhookBody {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The body of a webhook as a form: `{ a: { b: 1 } }` becomes `a[b]=1`. */
export function formBody(value: object): WebhookBody {
  const form = new URLSearchParams();
  const add = (name: string, inner: unknown): void => {
    if (typeof inner !== 'object' || inner === null) form.append(name, String(inner ?? ''));
    else
      for (const [key, further] of Object.entries(inner)) add(name === '' ? key : `${name}[${key}]`, further);
  };
  add('', value);
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form.toString() };
}
