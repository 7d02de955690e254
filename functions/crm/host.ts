import * as z from 'zod/mini';

/** Names that mean a machine itself or the network it stands in. A name without a dot does, too. */
const innerName = /^[^.]*$|\.(localhost|local|localdomain|internal|home\.arpa)$/;
/** An address in the one spelling that the URL parser has for it, whatever was typed: `0x7f.1` is `127.0.0.1`. */
const addressLiteral = /^\[|^[\d.]+$/;

function problem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL such as https://crm.example.com';
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (protocol !== 'https:') return 'must begin with https://';
  if (username + password !== '') return 'must not hold a username or a password: they are secrets';
  if (search + hash !== '') return 'must end before ? and #';
  if (addressLiteral.test(hostname)) return 'must have a host name, not an address';
  return innerName.test(hostname.replace(/\.$/, '')) ? 'must have a public host name' : undefined;
}

/**
 * Where a CRM stands that people host themselves: a host, and maybe a path. Without the slash at its end.
 *
 * A public name may still lead to a private address. Nobody but the operator names hosts, redirects are not followed, and whoever
 * answers there has to have a certificate for the name.
 */
export const siteUrl = z.pipe(
  z.string().check(
    z.superRefine((text, context) => {
      const message = problem(text.trim());
      if (message) context.addIssue({ code: 'custom', message });
    }),
  ),
  z.transform((text) => {
    const { origin, pathname } = new URL(text.trim());
    return `${origin}${pathname}`.replace(/\/+$/, '');
  }),
);

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';

/** The host of an account: one below these domains, or what stands before the first of them. */
export function accountHost(first: string, ...others: string[]) {
  const domains = [first, ...others].map((domain) => domain.replaceAll('.', '\\.')).join('|');
  const host = new RegExp(`^${label}((\\.${label})*\\.(${domains}))?$`);
  return z.pipe(
    z.string().check(
      z.toLowerCase(),
      z.regex(host, {
        error: `must be a subdomain of ${first}, or a host below ${[first, ...others].join(' or ')}`,
      }),
    ),
    z.transform((text) => (text.includes('.') ? text : `${text}.${first}`)),
  );
}
