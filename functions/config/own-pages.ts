/** Usher's own pages, below the URL that webhooks go to. */
const ownPages = { setPasswordUrl: 'set-password', forgotPasswordUrl: 'forgot-password' } as const;

interface Pages {
  setPasswordUrl?: string | undefined;
  forgotPasswordUrl?: string | undefined;
}

/**
 * A configuration whose mails link to Usher's own pages where the site has none.
 *
 * @param publicUrl where webhooks go; ends in a slash
 */
export function withOwnPages<Config extends { site: Pages }>(config: Config, publicUrl: string): Config {
  const own = Object.entries(ownPages).map(([name, path]) => [name, new URL(path, publicUrl).href]);
  const given = Object.entries(config.site).filter(([, value]) => value !== undefined);
  return { ...config, site: Object.fromEntries([...own, ...given]) as Config['site'] };
}
