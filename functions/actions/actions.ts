import type { Connection } from '../config/config.ts';
import { UsherError } from '../errors.ts';
import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { add } from './add.ts';
import { deleteUserOf } from './delete.ts';
import type { ActionPorts } from './ports.ts';
import { type Preview, preview } from './preview.ts';
import { update, updateTags } from './update.ts';

/** Parameters that not every action has. */
type ParameterName = 'email' | 'role' | 'send_notification' | 'async';

/** What a webhook may ask for. */
interface Action {
  parameters: readonly ParameterName[];
  /** Whether the webhook has to name a contact; where there is a parameter `email`, that will do. */
  needsContact: boolean;
  /** It makes users of contacts that the CRM may not show yet, and looks for them sooner. */
  makesUsers?: boolean;
  /** Whether the connection has it switched on; without this every connection has. */
  isOn?(connection: Connection): boolean;
  run(request: ContactRequest, ports: ActionPorts): Promise<Outcome>;
}

/** What only says what would be done: never queued. */
export interface Question extends Omit<Action, 'run'> {
  ask(request: ContactRequest, ports: ActionPorts): Promise<Preview | undefined>;
}

/** By the name that `wpf_action` gives it. */
export const actions = {
  add: {
    parameters: ['role', 'send_notification', 'async'],
    needsContact: true,
    makesUsers: true,
    run: (request, ports) => add(withContact(request), ports),
  },
  update: { parameters: ['email', 'role', 'async'], needsContact: true, run: update },
  update_tags: { parameters: ['email', 'async'], needsContact: true, run: updateTags },
  delete: {
    parameters: ['async'],
    needsContact: true,
    isOn: ({ deleteWhen }) => deleteWhen !== undefined,
    run: (request, ports) => deleteUserOf(withContact(request), ports),
  },
  test: { parameters: ['role', 'send_notification'], needsContact: false, ask: preview },
} as const satisfies Record<string, Action | Question>;

export type ActionName = keyof typeof actions;
export const actionNames = Object.keys(actions) as ActionName[];

/** @throws UsherError `unknown_action` */
export function actionOf(name: string): Action | Question {
  if (Object.hasOwn(actions, name)) return actions[name as ActionName];
  throw new UsherError('unknown_action', `wpf_action must be one of ${actionNames.join(', ')}.`);
}

/** Whether a connection has an action switched on. */
export const isOn = (name: string, connection: Connection): boolean =>
  actionOf(name).isOn?.(connection) ?? true;

/** @throws UsherError `action_not_allowed` */
export function expectOn(name: string, connection: Connection): void {
  if (isOn(name, connection)) return;
  throw new UsherError('action_not_allowed', `The action ${name} is off for this connection.`);
}

/** @throws UsherError `contact_id_missing` */
function withContact(request: ContactRequest): ContactRequest & { contactId: string } {
  const { contactId } = request;
  if (contactId !== undefined) return { ...request, contactId };
  throw new UsherError('contact_id_missing', 'The webhook names no contact.');
}
