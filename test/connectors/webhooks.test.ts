import { describe, expect, it } from '@jest/globals';
import { connectorOf } from '../../functions/crm/registry.ts';
import { readPayload } from '../../functions/webhook/body.ts';
import { namedContacts, nobody } from '../../functions/webhook/named-contacts.ts';
import { webhookRequest } from '../../lib/sandbox/webhook-request.ts';
import { allEntries } from './entries.ts';

describe.each(allEntries)('%s sends', (crm, entry) => {
  const connector = connectorOf(crm);
  const contactsIn = (body: string) => namedContacts(readPayload(body), connector);

  it.each(Object.entries(entry.webhooks))('%s', (_name, [body, contacts]) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { places: _places, ...found } = contactsIn(text);
    const { places: _none, ...nothing } = nobody;
    expect(found).toEqual({ ...nothing, ...contacts });
  });

  it('what its sandbox sends: the id, or an address where it sends nothing else', () => {
    const url = new URL('https://usher.example.com/?wpf_action=add');
    const person = { id: entry.unknownId, email: 'nobody@example.com' };
    const { body } = webhookRequest(crm, url, person, new Date());
    const found = (contact: object) => ({ ...nobody, contacts: [contact], places: [0] });
    const names = [found({ contactId: person.id }), found({ contactEmail: person.email })];
    expect(names).toContainEqual(contactsIn(body));
  });

  it.each(entry.ids)('the id %j, which is %j', (given, spelled) => {
    expect(connector.contactId(given)).toBe(spelled);
    if (spelled !== undefined) expect(connector.contactId(spelled)).toBe(spelled);
  });

  it('it to the URL that its steps say', () => {
    const url = 'https://usher.example.com/?wpf_action=add&access_key=fake-key';
    const steps = connector.setup(url);
    expect(steps).toContain(`URL: ${url}`);
    expect(steps.length).toBeGreaterThan(2);
    expect(steps).not.toContain('');
  });
});
