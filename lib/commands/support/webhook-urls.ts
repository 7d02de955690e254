import { type ActionName, actionNames, actionOf, isOn } from '../../../functions/actions/actions.ts';
import { connectorOf } from '../../../functions/crm/registry.ts';
import { refusalOf } from '../../../functions/users/roles.ts';
import type { Deployment } from './deployment.ts';
import { connectionOf, newestKey, secretIdOf } from './stored-secret.ts';
import { WrongUsage } from './terminal.ts';

/** What the automation is to ask for, and how it proves itself. */
export interface UrlOptions {
  role?: string;
  notify?: boolean;
  async?: boolean;
  showKey?: boolean;
  keyIn: 'query' | 'header';
}

/** What a connection's automation needs to call Usher. */
export interface Urls {
  connection: string;
  crm: string;
  urls: Partial<Record<ActionName, string>>;
  /** Headers the operator has to enter. */
  headers: Record<string, string>;
  setup: readonly string[];
}

/** Stands for the key where it is not to be seen. Nobody mistakes it for one. */
export const keyPlaceholder = '<access key>';

/**
 * A role that a webhook would not give is a URL that does not do what it says.
 *
 * @throws WrongUsage
 */
export function expectGivenRole({ config }: Pick<Deployment, 'config'>, role: string | undefined): void {
  const refusal = role === undefined ? undefined : refusalOf(config.roles, role);
  if (refusal === undefined) return;
  const given = config.roles.list.filter(({ privileged }) => !privileged).map(({ slug }) => slug);
  const reason = refusal === 'role_unknown' ? 'is not in usher.config.ts' : 'is never given by a webhook';
  throw new WrongUsage(`The role "${role}" ${reason}. There are: ${given.join(', ')}.`);
}

function urlOf(webhook: string, action: ActionName, key: string | undefined, options: UrlOptions): string {
  const { role, notify, async } = options;
  const query = new URLSearchParams();
  const wanted = actionOf(action);
  // A question is asked as it is: whoever pastes its URL wants to see whether it is right.
  const parameters = 'ask' in wanted ? [] : wanted.parameters;
  if (role !== undefined && parameters.includes('role')) query.set('role', role);
  if (notify && parameters.includes('send_notification')) query.set('send_notification', 'true');
  if (async && parameters.includes('async')) query.set('async', 'true');
  // Written out, because the placeholder has to stay readable. A key may be one that somebody else has made.
  const shown = key === undefined || key === keyPlaceholder ? key : encodeURIComponent(key);
  const first = [`wpf_action=${action}`, ...(shown === undefined ? [] : [`access_key=${shown}`])];
  return `${webhook}?${[...first, ...(query.size === 0 ? [] : [query.toString()])].join('&')}`;
}

/**
 * The URLs of a connection, one for each action, and how its CRM is told them.
 *
 * @throws WrongUsage when there is no such connection, CommandError when it has no key
 */
export async function urlsOf(deployment: Deployment, name: string, options: UrlOptions): Promise<Urls> {
  const connection = connectionOf(deployment, name);
  const connector = connectorOf(connection.crm);
  secretIdOf(deployment, name);
  const key = options.showKey ? await newestKey(deployment, name) : keyPlaceholder;
  const isInUrl = options.keyIn === 'query';
  const urls = Object.fromEntries(
    actionNames
      .filter((action) => isOn(action, connection))
      .map((action) => [action, urlOf(deployment.webhook, action, isInUrl ? key : undefined, options)]),
  ) as Urls['urls'];
  return {
    connection: name,
    crm: connector.title,
    urls,
    headers: isInUrl ? {} : { 'X-Access-Key': key },
    setup: connector.setup('one of the URLs above'),
  };
}
