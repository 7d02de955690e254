import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation, CrmRequest } from '../conversation.ts';
import { type Group, listById, listByName } from '../list-by-name.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

const identifier = z.object({ cio_id: notEmpty, email: textOrNone });
const page = z.object({ identifiers: listOf(identifier), next: textOrNone });
const segments = z.object({ segments: listOf(z.object({ id: z.coerce.string(), name: z.string() })) });

const size = '1000';

function* read(request: CrmRequest, place?: string): Conversation<ListPage> {
  const query = { limit: size, ...(place !== undefined && { start: place }) };
  const { identifiers, next } = page.parse(yield { ...request, query });
  const found = identifiers.map(({ cio_id, email }) => ({ id: cio_id, email: email ?? undefined }));
  return cursorPage(place, found, next);
}

/** It finds people by what they have: those without an address are nobody's users. */
const everybody = { and: [{ attribute: { field: 'email', operator: 'exists' } }] };

const members = (id: string, place?: string) =>
  read({ method: 'GET', path: path`segments/${id}/membership` }, place);

function* readSegments(): Conversation<Group[]> {
  return segments.parse(yield { method: 'GET', path: path`segments` }).segments;
}

/** https://docs.customer.io/integrations/api/app/tag/segments/getSegmentMembership/: at most 30,000 a page. Tags are segments. */
export const customerioLists: ContactLists = {
  all: (_of, place) =>
    read(
      { method: 'POST', path: path`customers`, body: { json: { filter: everybody } }, reads: true },
      place,
    ),
  tag: listByName('all segments', readSegments, members),
  segment: listById('all segments', readSegments, members),
};
