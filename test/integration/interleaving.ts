import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { add } from '../../functions/actions/add.ts';
import type { ActionPorts } from '../../functions/actions/ports.ts';
import { update, updateTags } from '../../functions/actions/update.ts';
import type { Contact } from '../../functions/crm/connector.ts';
import { toUsherError } from '../../functions/errors.ts';
import type { ContactRequest } from '../../functions/jobs/contact-request.ts';
import { lostAnswer } from '../faults/aws-errors.ts';
import { create, encharge, newContact, ports, requestFor, setContact } from './action-ports.ts';
import { type Turn, Turns } from './turns.ts';

/** An edit of the contact in its CRM, and the webhook that follows it. */
export interface Edit {
  action: 'add' | 'update' | 'update_tags' | 'update by address';
  tags: string[];
}

export interface TestContact {
  id: string;
  email: string;
}

/** A contact, and who is there before: nobody, its user, or a user with its address who belongs to another CRM. */
export async function begin(before: 'nobody' | 'user' | 'user of another'): Promise<TestContact> {
  const { id, email } = newContact(ports, {}, ['before']);
  if (before === 'user') await create({ email, tags: ['before'], contacts: { [encharge]: id } });
  if (before === 'user of another') await create({ email, tags: ['theirs'], contacts: { userengage: id } });
  return { id, email };
}

/** What the CRM holds. */
export const tagsInCrm = ({ id }: TestContact): readonly string[] => ports.contacts.get(id)?.tags ?? [];

function send({ id, email }: TestContact, action: Edit['action'], taking: ActionPorts) {
  const request: ContactRequest & { contactId: string } = requestFor(id);
  if (action === 'add') return add(request, taking);
  if (action === 'update') return update({ ...request, action }, taking);
  if (action === 'update_tags') return updateTags({ ...request, action }, taking);
  return update({ ...request, action: 'update', contactId: undefined, email }, taking);
}

const isWrite = (command: object) => /^(Update|TransactWrite)/.test(command.constructor.name);

/** The ports of an action that takes its turn with every call. */
function inTurns(turns: Turns): ActionPorts {
  const command = (given: object) =>
    turns.call(() => ports.users.documents.send(given as never), isWrite(given) ? lostAnswer : undefined);
  const pull = <Found extends Contact | undefined>(load: () => Promise<Found>) => turns.call(load);
  return {
    ...ports,
    users: { ...ports.users, documents: { send: command as DynamoDBDocumentClient['send'] } },
    crm: {
      ...ports.crm,
      load: (id) => pull(() => ports.crm.load(id)),
      loadByEmail: (email) => pull(() => ports.crm.loadByEmail(email)),
    },
  };
}

/**
 * Edits the contact and sends a webhook after each edit, in the order of the turns, call by call. Whatever does not settle is
 * tried again, as from the queue. Answers results and codes.
 */
export async function interleave(
  contact: TestContact,
  edits: readonly Edit[],
  order: readonly Turn[],
): Promise<string[]> {
  const turns = new Turns();
  const taking = inTurns(turns);
  const results: string[] = [];
  const workers = edits.map(({ action, tags }) => async () => {
    await turns.call(() => Promise.resolve(setContact(ports, contact.id, { email: contact.email }, tags)));
    for (;;) {
      try {
        results.push((await send(contact, action, taking)).result);
        return;
      } catch (thrown) {
        const { code, retryable } = toUsherError(thrown);
        const isLost = thrown instanceof Error && thrown.name === lostAnswer().name;
        if (retryable || isLost) continue;
        results.push(code);
        return;
      }
    }
  });
  await turns.run(workers, order);
  return results;
}
