import * as z from 'zod/mini';
import type { Connector } from '../../functions/crm/connector.ts';
import { listKinds } from '../../functions/crm/contact-list.ts';
import { connectorOf, crmNames } from '../../functions/crm/registry.ts';
import { descriptions } from '../sandbox/descriptions.ts';

const code = (text: string) => `\`${text}\``;

function settingsRows({ settings }: Connector): string[] {
  return Object.entries(settings.shape).map(
    ([name, schema]) => `| ${code(name)} | ${z.globalRegistry.get(schema)?.description ?? ''} |`,
  );
}

const wayText = (way: readonly string[]) => code(way.join('.'));

/** Where a webhook's body may name the contact, in words. */
function bodyText({ webhook: { ids, emails = [] } }: Connector): string {
  const byId = ids.map(wayText).join(', ');
  const byEmail = emails.map(wayText).join(', ');
  if (byId === '') return `The contact is found in the body by its address: ${byEmail}.`;
  return `The contact is found in the body by ${byId}${byEmail && `; without an id by its address: ${byEmail}`}.`;
}

function section(crm: (typeof crmNames)[number]): string[] {
  const connector = connectorOf(crm);
  const { title, secrets, defaultFields, limits, notes = [] } = connector;
  const settings = settingsRows(connector);
  const perSecond = limits?.perSecond;
  return [
    `## ${title}`,
    '',
    `\`crm: '${crm}'\`. \`usher connect\` asks for: ${Object.values(secrets).join(', ')}.`,
    '',
    ...(settings.length === 0 ? [] : ['| setting | |', '|---|---|', ...settings, '']),
    'In the CRM:',
    '',
    ...connector.setup('one of the URLs that `npx usher urls` prints').map((step) => `- ${step}`),
    '',
    bodyText(connector),
    ...(perSecond === undefined ? [] : [`The vendor allows ${perSecond} calls a second.`]),
    ...notes,
    '',
    '| local key | field | type |',
    '|---|---|---|',
    ...Object.entries(defaultFields).map(
      ([key, { field, type }]) => `| ${code(key)} | ${code(field)} | ${type} |`,
    ),
    '',
  ];
}

/** By what contacts can be imported, with the settings that the sandbox plays. */
function importsBy(crm: (typeof crmNames)[number]): string {
  const { settings, api } = connectorOf(crm);
  const lists = api(settings.parse(descriptions[crm].settings ?? {})).lists ?? {};
  return [...listKinds.filter((kind) => lists[kind]), 'ids'].join(', ');
}

/** One row of the table at the top of the page. */
function row(crm: (typeof crmNames)[number]): string {
  const { title, webhook, limits, known } = connectorOf(crm);
  const findsBy = webhook.emails ? (webhook.ids.length > 0 ? 'id, address' : 'address') : 'id';
  const cells = [
    `[${title}](#${title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-')})`,
    known.tags,
    findsBy,
    webhook.isSigned ? 'may be' : 'no',
    importsBy(crm),
    limits?.perSecond === undefined ? 'learned' : `${limits.perSecond}`,
    known.checked,
    known.open ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** `docs/crms.md`: what each connector says of itself. */
export function crmsPage(): string {
  return [
    '# CRMs',
    '',
    'What each CRM needs: in `usher.config.ts`, from `usher connect`, and in the CRM itself. The fields are the default map; yours is laid',
    'over it ([field-map.md](field-map.md)). What `usher import` can list stands under "imports by". This page is printed from the connectors by `npm run docs`.',
    '',
    '| CRM | tags are its | webhooks name | signed | imports by | calls a second | checked against | what nobody could check |',
    '|---|---|---|---|---|---|---|---|',
    ...crmNames.map(row),
    '',
    ...crmNames.flatMap(section),
  ].join('\n');
}
