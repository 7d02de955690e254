import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { createTransport, type Transport } from '../../functions/crm/transport.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { takeJobs, workOff } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { changeContact, existingUser, newContact, newEmail, newUser } from './contacts.ts';

/** How the CRM's answers are written, in place of UTF-8. */
let write: ((answer: string) => Uint8Array) | undefined;
let status: number | undefined;

/** Answers of the sandbox, as other bytes. */
const written =
  (transport: Transport): Transport =>
  async (request, signal) => {
    const response = await transport(request, signal);
    if (!write) return response;
    const body = Readable.from([write(response.body)]);
    const { headers } = response;
    const handle = () =>
      Promise.resolve({
        response: new HttpResponse({ statusCode: status ?? response.status, headers: { ...headers }, body }),
      });
    return createTransport({ handle })(request, signal);
  };

useTestStack({
  config: patient,
  adjust: (services: Services) => ({ ...services, transport: written(services.transport) }),
  withPoller: false,
});
afterEach(() => {
  [write, status] = [undefined, undefined];
});

describe('an answer that is not UTF-8', () => {
  it.each([
    ['in Latin-1', (answer: string) => Buffer.from(answer, 'latin1')],
    ['in UTF-16', (answer: string) => Buffer.from(answer, 'utf16le')],
    [
      'with half a letter',
      (answer: string) => Buffer.from(answer.replace('ë', 'ë\u0000')).filter((b) => b !== 0xab),
    ],
    [
      'with a letter written too long',
      (answer: string) => Buffer.concat([Buffer.from(answer).subarray(0, -1), Buffer.of(0xc0, 0xaf, 0x7d)]),
    ],
  ])('%s changes nothing', async (_name, change) => {
    const { id, user } = await newUser(test, crm, { firstName: 'Ada', tags: ['stays'] });
    changeContact(test, crm, id, { firstName: 'Zoë', tags: ['new'] });
    write = change;
    const logged = test.log.length;
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('queued');
    expect(test.log.slice(logged)).toMatchObject([{ deferred_by: 'crm_answer_invalid' }]);
    expect(await existingUser(test, crm, id)).toMatchObject({ fields: user.fields, tags: ['stays'] });
    await takeJobs(test);
  });

  it('with an error is that error', async () => {
    const id = newContact(test, crm, { firstName: 'Zoë' });
    [write, status] = [(answer) => Buffer.from(answer, 'latin1'), 500];
    expect((await webhook(test, crm, 'test', id)).body.error.code).toBe('crm_unavailable');
  });
});

describe('a byte order mark', () => {
  it('is skipped', async () => {
    const { id } = await newUser(test, crm, { firstName: 'Ada' });
    changeContact(test, crm, id, { firstName: 'Zoë' });
    write = (answer) => Buffer.from(`\uFEFF${answer}`);
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('updated');
    expect(await existingUser(test, crm, id)).toMatchObject({ fields: { first_name: 'Zoë' } });
  });
});

describe('marks that turn the direction of a line', () => {
  it('are refused in a username, and islands in a mail', async () => {
    const email = newEmail('turned');
    const name = 'Ada\u202Eevil\u2069';
    const id = newContact(test, crm, { email, firstName: name, custom: { user_login: 'ada\u202E' } });
    const { body } = await webhook(test, crm, 'add', id, { send_notification: 'true' });
    expect(body.data).toMatchObject({ result: 'created', warnings: ['field_invalid:user_login'] });
    expect(await existingUser(test, crm, id)).toMatchObject({ login: email, fields: { first_name: name } });
    await workOff(test);
    const mail = test.ses.mails.find(({ to }) => to.includes(email));
    for (const part of [mail?.text, mail?.html]) {
      expect(part).toContain('Hello \u2068Ada\u202Eevil\u2069');
      expect(part?.replaceAll(/\u2068[^\u2069]*\u2069/g, '')).not.toMatch(/\p{Bidi_Control}/u);
    }
  });
});
