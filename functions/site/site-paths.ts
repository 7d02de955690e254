/** Whether a path belongs to the site's side, and not to webhooks. Apart from the rest, which webhooks need not load. */
export const isSitePath = (path: string): boolean =>
  path === '/set-password' || path === '/forgot-password' || path === '/v1' || path.startsWith('/v1/');
