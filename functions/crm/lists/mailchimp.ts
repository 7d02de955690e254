import * as z from 'zod/mini';
import { type ContactLists, type ListedContact, type ListPage, offsetPage } from '../contact-list.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { ContactNotFound } from '../crm-errors.ts';
import { type Group, listById, listByName } from '../list-by-name.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

const email_address = textOrNone;
const member = z.object({ contact_id: notEmpty, email_address });
const members = z.object({ members: listOf(member) });
/** The document of a segment's members names no `contact_id`: the hash of the address leads to it. */
const ofSegments = listOf(z.object({ ...z.partial(member).shape, id: notEmpty }));
const segmentMembers = z.object({ members: ofSegments });
const segment = z.object({ id: z.coerce.string(), name: z.string() });
const segments = z.object({ segments: listOf(segment), total_items: z.int() });

const size = 1000;
/** Smaller where each may be asked for. */
const segmentSize = 100;

const all = (place?: string): Conversation<ListPage> =>
  offsetPage(place, size, function* (offset) {
    const fields = 'members.contact_id,members.email_address';
    const order = { sort_field: 'timestamp_signup', sort_dir: 'ASC' };
    const query = { ...order, fields, count: String(size), offset: String(offset) };
    const answer = members.parse(yield { method: 'GET', path: path`members`, query });
    return answer.members.map(({ contact_id: id, email_address }) => ({
      id,
      email: email_address ?? undefined,
    }));
  });

function* listed({
  id,
  contact_id,
  email_address,
}: z.infer<typeof ofSegments>[number]): Conversation<ListedContact> {
  const email = email_address ?? undefined;
  if (contact_id !== undefined) return { id: contact_id, email };
  const query = { fields: 'contact_id,email_address' };
  try {
    const read = member.parse(yield { method: 'GET', path: path`members/${id}`, query });
    return { id: read.contact_id, email };
  } catch (error) {
    if (!(error instanceof ContactNotFound)) throw error;
    // It has gone since, or has another address: then it stands in the list once more.
    return { id, email, isOther: true };
  }
}

/** With those who have unsubscribed or bounced, as the list of all has them, too. */
const ofSegment = (segmentId: string, place?: string): Conversation<ListPage> =>
  offsetPage(place, segmentSize, function* (offset) {
    const whole = { include_unsubscribed: 'true', include_cleaned: 'true', include_transactional: 'true' };
    const fields = 'members.id,members.contact_id,members.email_address';
    const query = { ...whole, fields, count: String(segmentSize), offset: String(offset) };
    const target = path`segments/${segmentId}/members`;
    const found: ListedContact[] = [];
    for (const one of segmentMembers.parse(yield { method: 'GET', path: target, query }).members)
      found.push(yield* listed(one));
    return found;
  });

/** Tags are the segments that nobody has made a rule for. */
const readSegments = (types: Record<string, string>) =>
  function* (): Conversation<Group[]> {
    const all: Group[] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const fields = 'segments.id,segments.name,total_items';
      const query = { ...types, count: String(size), offset: String(all.length), fields };
      const read = segments.parse(yield { method: 'GET', path: path`segments`, query });
      all.push(...read.segments);
      if (read.segments.length === 0 || all.length >= read.total_items) break;
    }
    return all;
  };

/**
 * https://mailchimp.com/developer/marketing/api/list-members/list-members-info/ and
 * https://mailchimp.com/developer/marketing/api/list-segment-members/: at most 1,000 a page.
 */
export const mailchimpLists: ContactLists = {
  all: (_of, place) => all(place),
  tag: listByName('all tags', readSegments({ type: 'static' }), ofSegment),
  segment: listById('all segments', readSegments({}), ofSegment),
};
