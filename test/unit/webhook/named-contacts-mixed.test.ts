import { describe, expect, it } from '@jest/globals';
import { braces } from '../../../functions/crm/template-forms.ts';
import type { WebhookForm } from '../../../functions/crm/webhook-form.ts';
import type { Payload } from '../../../functions/webhook/body.ts';
import { type NamedContact, namedContacts, nobody } from '../../../functions/webhook/named-contacts.ts';

const json = (value: unknown): Payload => ({ kind: 'json', value });
const form = (text: string): Payload => ({ kind: 'form', fields: new URLSearchParams(text) });
const id = (contactId: string): NamedContact => ({ contactId });
const email = (contactEmail: string): NamedContact => ({ contactEmail });

const reader = (webhook: WebhookForm) => (payload: Payload) =>
  namedContacts(payload, { webhook, templateForms: braces, contactId: (text) => text.toLowerCase() });

/** What is not said is as in a body without anything. */
const one = (contact: NamedContact) => ({ ...nobody, contacts: [contact], places: [0] });
const list = (contacts: NamedContact[], places: number[], more = {}) => ({
  ...nobody,
  contacts,
  places,
  isBatch: true,
  ...more,
});

describe('a list whose elements differ in shape', () => {
  const named = reader({
    ids: [['events', 'subscriber', 'id'], ['events', 'id'], ['subscriber', 'id'], ['id']],
  });
  const two = [{ subscriber: { id: 'a' } }, { id: 'b' }];

  it.each<[name: string, value: unknown]>([
    ['within the body', { events: two }],
    ['that is the body', two],
    ['of lists', [{ events: [two[0]] }, { events: [two[1]] }]],
  ])('names each of them: %s', (_name, value) => {
    expect(named(json(value))).toEqual(list([id('a'), id('b')], [0, 1]));
  });

  it('in the order of the body, whichever way is likelier', () => {
    const events = [{ id: 'c' }, { subscriber: { id: 'a' } }, {}, { id: 'b' }, { subscriber: { id: 'c' } }];
    const expected = list([id('c'), id('a'), id('b')], [0, 1, 3], { withoutId: 1 });
    expect(named(json({ events }))).toEqual(expected);
    expect(named(json(events))).toEqual(expected);
  });

  it('has the likelier way win in each of them', () => {
    const events = [
      { id: 'x', subscriber: { id: 'a' } },
      { id: 'b', subscriber: { id: '' } },
    ];
    expect(named(json({ events }))).toEqual(list([id('a'), id('b')], [0, 1]));
  });

  it('does not look elsewhere for one whose id cannot be used', () => {
    const events = [{ id: 'x', subscriber: { id: 2 ** 53 } }, { id: 'b' }];
    const expected = list([id('b')], [1], { withoutId: 1 });
    expect(named(json(events))).toEqual(expected);
    expect(named(json({ events }))).toEqual(expected);
  });

  it('does not look elsewhere for one whose id is not filled in', () => {
    const events = [{ id: 'x', subscriber: { id: '{{ id }}' } }, { id: 'b' }];
    const expected = list([id('b')], [1], { notFilled: 1 });
    expect(named(json(events))).toEqual(expected);
    expect(named(json({ events }))).toEqual(expected);
  });

  it('may be empty, and is a list', () => {
    expect(named(json({ events: [] }))).toEqual(list([], []));
    expect(named(json([]))).toEqual(list([], []));
  });
});

describe('a body with a list for each event', () => {
  const named = reader({
    ids: [
      ['lead_post_save_update', 'contact', 'id'],
      ['lead_points_change', 'lead', 'id'],
      ['lead_points_change', 'contact', 'id'],
    ],
  });

  it('names the contacts of all of them', () => {
    const body = {
      lead_post_save_update: [{ contact: { id: 1 } }, { contact: { id: 2 } }],
      lead_points_change: [{ contact: { id: 3 } }, { lead: { id: 1 } }, { contact: {} }],
      timestamp: '2026-03-01T12:00:00+00:00',
    };
    expect(named(json(body))).toEqual(list([id('1'), id('2'), id('3')], [0, 1, 2], { withoutId: 1 }));
  });

  it.each(['lead_post_save_update', 'lead_points_change'])('names those of %s alone', (event) => {
    expect(named(json({ [event]: [{ contact: { id: 7 } }] }))).toEqual(list([id('7')], [0]));
  });

  it('counts elements over all of them', () => {
    const contacts = Array.from({ length: 501 }, (_, n) => ({ contact: { id: n + 1 } }));
    const both = { lead_post_save_update: contacts, lead_points_change: contacts };
    expect(() => named(json(both))).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
  });
});

describe('a body with addresses only', () => {
  const named = reader({ ids: [['id'], ['to', 'id']], emails: [['email'], ['to', 'address']] });

  it.each<[name: string, payload: Payload]>([
    ['JSON', json({ email: ' Ada@example.com ' })],
    ['with an id that is blank', json({ id: '', email: 'Ada@example.com' })],
    ['deeper', json({ to: { address: 'Ada@example.com' } })],
    ['a form', form('email=Ada%40example.com')],
    ['a nested form name', form('to[address]=Ada%40example.com')],
  ])('names by it: %s', (_name, payload) => {
    expect(named(payload)).toEqual(one(email('Ada@example.com')));
  });

  it('has an id before an address, wherever they stand', () => {
    expect(named(json({ email: 'ada@example.com', to: { id: 'A' } }))).toEqual(one(id('a')));
    expect(named(form('email=ada%40example.com&to[id]=A'))).toEqual(one(id('a')));
  });

  it.each<[what: string, value: unknown]>([
    ['no address', 'ada'],
    ['a number', 7],
    ['two', 'ada@example.com, eve@example.com'],
    ['blank', ' '],
    ['an object', { address: 'ada@example.com' }],
  ])('names nobody by %s', (_what, value) => {
    expect(named(json({ email: value }))).toEqual(nobody);
    expect(named(json([{ email: value }, { id: 'b' }]))).toEqual(list([id('b')], [1], { withoutId: 1 }));
  });

  it('that is not filled in is none', () => {
    expect(() => named(json({ email: '{{ email }}' }))).toThrow(
      expect.objectContaining({ code: 'template_not_filled' }),
    );
  });

  it('is no way round an id that is not filled in', () => {
    const event = { id: '{{ id }}', email: 'ada@example.com' };
    const refused = expect.objectContaining({ code: 'template_not_filled' });
    expect(() => named(json(event))).toThrow(refused);
    expect(() => named(json([event]))).toThrow(refused);
  });

  it('may be a list of both', () => {
    const body = [
      { email: 'a@example.com' },
      { id: 'B' },
      { email: 'a@example.com' },
      {},
      { to: { id: 'b' } },
    ];
    const expected = list([email('a@example.com'), id('b')], [0, 1], { withoutId: 1 });
    expect(named(json(body))).toEqual(expected);
  });

  it('may hold a list of both', () => {
    const to = [{ address: 'a@example.com' }, { id: 'B' }, {}];
    expect(named(json({ to }))).toEqual(list([email('a@example.com'), id('b')], [0, 1], { withoutId: 1 }));
  });
});

describe('an event that is none of ours', () => {
  const named = reader({
    ids: [['user', 'id'], ['items', 'user', 'id'], ['id']],
    isOurs: (event) => Object(event).type !== 'company',
  });
  const company = { type: 'company', user: { id: 'c' } };

  it.each<[name: string, payload: Payload]>([
    ['JSON', json(company)],
    ['without an id', json({ type: 'company' })],
    ['with an id that cannot be used', json({ type: 'company', id: 2 ** 53 })],
    ['with an id that is not filled in', json({ type: 'company', id: '{{ id }}' })],
    ['a form', form('type=company&user[id]=c')],
  ])('is ignored: %s', (_name, payload) => {
    expect(named(payload)).toEqual({ ...nobody, ignored: 1 });
  });

  it('is left out of a list, and keeps the places of the others', () => {
    const events = [company, { user: { id: 'a' } }, company, {}, { type: 'contact', id: 'b' }, { id: 'a' }];
    const expected = list([id('a'), id('b')], [1, 4], { ignored: 2, withoutId: 1 });
    expect(named(json(events))).toEqual(expected);
    expect(named(json({ items: events.slice(0, 2) }))).toEqual(list([id('a')], [1], { ignored: 1 }));
  });

  it('may be all that a list holds', () => {
    expect(named(json([company, company]))).toEqual(list([], [], { ignored: 2 }));
    expect(named(json({ items: [company] }))).toEqual(list([], [], { ignored: 1 }));
  });
});
