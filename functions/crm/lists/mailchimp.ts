import * as z from 'zod/mini';
import { type ContactLists, type ListPage, offsetPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listById, listByName } from '../list-by-name.ts';
import { type Path, path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

const member = z.object({ contact_id: notEmpty, email_address: textOrNone });
const members = z.object({ members: listOf(member) });
const segment = z.object({ id: z.coerce.string(), name: z.string() });
const segments = z.object({ segments: listOf(segment) });

const size = 1000;
const only = 'members.contact_id,members.email_address';

const list = (target: Path, order: Record<string, string>, place?: string): Conversation<ListPage> =>
  offsetPage(place, size, function* (offset) {
    const query = { ...order, fields: only, count: String(size), offset: String(offset) };
    const answer = members.parse(yield { method: 'GET', path: target, query });
    return answer.members.map(({ contact_id, email_address }) => {
      return { id: contact_id, email: email_address ?? undefined };
    });
  });

const ofSegment = (id: string, place?: string) => list(path`segments/${id}/members`, {}, place);

/** Tags are the segments that nobody has made a rule for. */
const readSegments = (types: Record<string, string>) =>
  function* (): Conversation<Group[]> {
    const query = { ...types, count: '1000', fields: 'segments.id,segments.name' };
    return segments.parse(yield { method: 'GET', path: path`segments`, query }).segments;
  };

/** https://mailchimp.com/developer/marketing/api/list-members/list-members-info/ */
export const mailchimpLists: ContactLists = {
  all: (_of, place) => list(path`members`, { sort_field: 'timestamp_signup', sort_dir: 'ASC' }, place),
  tag: listByName('all tags', readSegments({ type: 'static' }), ofSegment),
  segment: listById('all segments', readSegments({}), ofSegment),
};
