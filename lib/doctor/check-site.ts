import { withOwnPages } from '../../functions/config/own-pages.ts';
import { readStored, secretOfSite } from '../commands/support/stored-secret.ts';
import type { Finding, Patient } from './finding.ts';
import { keysFinding } from './keys-finding.ts';

/** A name that AWS gives an API: nobody knows it for the site's, and filters of mails know it from others' fraud. */
const isNameOfAws = (url: string) => /\.execute-api\.[a-z0-9.-]+$/.test(new URL(url).hostname);

/** Where mails send people. */
export function checkMailLinks({ deployment: { config, webhook } }: Patient): Finding[] {
  const { setPasswordUrl, forgotPasswordUrl } = withOwnPages(config, webhook).site;
  const links = [setPasswordUrl, forgotPasswordUrl].filter((url) => url !== undefined);
  const strange = links.find(isNameOfAws);
  const check = 'mail links';
  if (strange === undefined) {
    const hosts = [...new Set(links.map((url) => new URL(url).host))];
    return [{ check, status: 'ok', message: `mails lead to ${hosts.join(' and ')}` }];
  }
  return [
    {
      check,
      status: 'warn',
      message: `mails lead to ${new URL(strange).host}, where people do not expect your site's password`,
      fix: 'Give the stage a name of your own: domain in its settings in usher.config.ts, then deploy. Or set site.setPasswordUrl and site.forgotPasswordUrl to pages of your own.',
    },
  ];
}

/** Whether the site's servers have a key. */
export async function checkSiteKey({ deployment }: Patient): Promise<Finding[]> {
  const { command } = deployment;
  const secret = await readStored(deployment, secretOfSite(deployment));
  const commands = { rotate: command('site-key rotate'), revoke: command('site-key revoke') };
  return [keysFinding({ check: 'site key' }, secret, commands)];
}
