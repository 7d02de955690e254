import { actionOf, expectOn } from '../actions/actions.ts';
import type { Config } from '../config/config.ts';
import type { Connector } from '../crm/connector.ts';
import { connectorOf } from '../crm/registry.ts';
import { UsherError } from '../errors.ts';
import { slugOf } from '../users/roles.ts';
import type { Payload } from './body.ts';
import { methodNotAllowed } from './gate.ts';
import { type NamedContacts, namedContacts, nobody, spelledId, TemplateNotFilled } from './named-contacts.ts';
import { filledIn } from './not-filled.ts';
import { type ParameterName, type Parameters, readParameters } from './parameters.ts';
import { readXml } from './read-body.ts';
import { unknownParameters } from './unknown-parameters.ts';
import type { Step, WebhookContext, WebhookEvent } from './webhook-context.ts';

/** A webhook that has got past its key may be of a connection that is not configured any more. */
function connectorFor(config: Config, connection: string): Connector | undefined {
  const crm = config.connections[connection]?.crm;
  return crm && connectorOf(crm);
}

function contacts(
  contactId: string | undefined,
  payload: Payload,
  connector: Connector | undefined,
): NamedContacts {
  if (contactId !== undefined)
    return { ...nobody, contacts: [{ contactId: spelledId(contactId, connector) }], places: [0] };
  return connector ? namedContacts(payload, connector) : nobody;
}

/** What a marketer has to do in this CRM so that its webhooks name their contact. */
function missing(connector: Connector | undefined): UsherError {
  const [path = []] = connector?.webhook.ids ?? [];
  return new UsherError(
    'contact_id_missing',
    `The webhook names no contact. ${connector?.title ?? 'The CRM'} should send it in the JSON body as ${path.join('.')}; or add &contact_id=… to the URL.`,
  );
}

/**
 * @param notFilled parameters that are still placeholders
 * @throws UsherError `template_not_filled`, `contact_id_missing`
 */
function expectContact(
  { action, email }: Parameters,
  found: NamedContacts,
  notFilled: ReadonlySet<ParameterName>,
  connector: Connector | undefined,
): void {
  if (found.contacts.length > 0) return;
  if (notFilled.has('contact_id') || notFilled.has('email')) throw new TemplateNotFilled();
  const isByEmail = email !== undefined && !found.isBatch;
  if (actionOf(action).needsContact && !isByEmail) throw missing(connector);
}

/** @throws UsherError `malformed_body` */
async function payloadOf(event: WebhookEvent, connector: Connector | undefined): Promise<Payload> {
  const parse = connector?.webhook.parse;
  return (parse && (await readXml(event, parse))) ?? event.context.payload();
}

/** A CRM that tries the URL out before it saves it: a bare GET or HEAD that names nobody and asks for somebody. */
function isProbe(
  event: WebhookEvent,
  { action, email }: Parameters,
  { kind }: Payload,
  notFilled: ReadonlySet<ParameterName>,
): boolean {
  const isBare = event.requestContext.http.method !== 'POST' && kind === 'none' && notFilled.size === 0;
  return isBare && email === undefined && actionOf(action).needsContact;
}

/** What a sender should mend, though the webhook is carried out. */
function warningsOf(
  { query }: WebhookContext,
  payload: Payload,
  notFilled: ReadonlySet<ParameterName>,
  found: NamedContacts,
): string[] {
  return [
    ...unknownParameters(query, payload).map((name) => `parameter_unknown:${name}`),
    ...[...notFilled].map((name) => `template_not_filled:${name}`),
    ...(found.notFilled > 0 ? [`template_not_filled:${found.notFilled}`] : []),
  ];
}

/** What the log tells of the parameters. Of a role only that which there is: anything may be typed. */
function noteParameters({ line, parameters }: WebhookContext, { roles }: Config): void {
  const { action, role, sendNotification } = parameters;
  line.action = action;
  line.role = role === undefined ? undefined : slugOf(roles, role);
  line.sendNotification = sendNotification;
}

/** Reads the parameters and the contacts: what is asked for, of whom. */
export function readRequest(config: Config): Step {
  return {
    async before({ event }) {
      const { context } = event;
      const connector = connectorFor(config, context.connection);
      const { responseBudgetMs = Number.POSITIVE_INFINITY } = connector?.webhook ?? {};
      context.invocation.endWithin(Math.max(responseBudgetMs - context.waitedMs, 0));
      const payload = await payloadOf(event, connector);
      const notFilled = new Set<ParameterName>();
      const find = filledIn(await context.find(), connector?.templateForms ?? [], notFilled);
      const parameters = readParameters(context.query, find);
      context.parameters = parameters;
      noteParameters(context, config);
      const settings = config.connections[context.connection];
      if (settings) expectOn(parameters.action, settings);
      const found = contacts(parameters.contactId, payload, connector);
      context.contacts = found;
      const [only] = found.contacts;
      if (found.contacts.length === 1 && only && 'contactId' in only) context.line.contactId = only.contactId;
      const isNobody = found.contacts.length === 0;
      if (isNobody && connector?.webhook.isProbed && isProbe(event, parameters, payload, notFilled))
        context.idle = 'ok';
      else if (event.requestContext.http.method === 'HEAD') throw methodNotAllowed();
      else if (isNobody && found.ignored > 0 && found.withoutId === 0) context.idle = 'ignored';
      else expectContact(parameters, found, notFilled, connector);
      context.warnings = warningsOf(context, payload, notFilled, found);
    },
  };
}
