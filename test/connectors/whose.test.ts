import { describe, expect, it } from '@jest/globals';
import type { Transport } from '../../functions/crm/transport.ts';
import type { Answers } from './connector-entry.ts';
import { allEntries } from './entries.ts';
import { entryClient, playedCrm } from './played-crm.ts';

/** The way to a CRM that is asked for somebody else than the client means. */
const asksFor =
  (meant: string, other: string) =>
  (transport: Transport): Transport =>
  ({ url, body, headers, ...request }, signal) => {
    const changed = (text: string) =>
      text.replaceAll(encodeURIComponent(meant), encodeURIComponent(other)).replaceAll(meant, other);
    const sent = body === undefined ? {} : { body: changed(body) };
    const length = sent.body === undefined ? {} : { 'content-length': `${Buffer.byteLength(sent.body)}` };
    const asked = { ...request, ...sent, url: new URL(changed(url.href)) };
    return transport({ ...asked, headers: { ...headers, ...length } }, signal);
  };

/** A CRM that gives these answers, whatever it is asked. */
function recorded(answers: Answers): Transport {
  const left = [...answers];
  return () => {
    if (left.length === 0) throw new Error('There is no further answer.');
    const answer = left.shift();
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body });
  };
}

describe.each(allEntries)('a contact of %s', (crm, entry) => {
  const played = playedCrm(crm, entry);
  const [example] = entry.examples;
  if (!example) throw new Error('There is no example.');

  it("is refused when it is another one's", async () => {
    played.sandbox.people.put(example.sandbox);
    const client = played.client({}, asksFor(entry.unknownId, example.contact.id));
    await expect(client.load(entry.unknownId)).rejects.toThrow(
      expect.objectContaining({ code: 'crm_answer_invalid', retryable: true }),
    );
  });

  it.each(entry.writable)("is not written over with another one's: %s", async (field) => {
    played.sandbox.people.put(example.sandbox);
    let hasReadAnother = false;
    let writes = 0;
    const readsAnother = (transport: Transport): Transport => {
      const asAnother = asksFor(entry.unknownId, example.contact.id)(transport);
      return (request, signal) => {
        if (request.method !== 'GET') {
          if (hasReadAnother) writes += 1;
          return transport(request, signal);
        }
        hasReadAnother ||= decodeURIComponent(request.url.href).includes(entry.unknownId);
        return asAnother(request, signal);
      };
    };
    const written = played.client({}, readsAnother).writeField(entry.unknownId, field, 'x');
    await expect(written).rejects.toThrow(expect.objectContaining({ retryable: true }));
    expect(writes).toBe(0);
  });

  for (const [name, [id, answers, becomes]] of Object.entries(entry.former ?? {})) {
    it(`that is no more what it was: ${name}`, async () => {
      const client = entryClient(crm, entry, {
        transport: recorded(answers),
        baseUrl: 'https://crm.example.com/',
      });
      const outcome = await client.load(id).then(
        (contact) => contact.id,
        (error) => error.code,
      );
      expect(outcome).toBe(becomes);
    });
  }
});
