import { describe, expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { existingUser, newContact, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

const placeholder = '{{ person.id }}';
const calls = () => test[crm].requests.count();

/** A webhook with this body and these parameters besides action and key in the URL. */
const send = (action: string, body: unknown, query: Record<string, string> = {}) =>
  request(test, {
    query: { wpf_action: action, access_key: keyOf(test), ...query },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('the fields of a person are no parameters', () => {
  const person = {
    role: 'Editor',
    email: 'someone@example.com',
    async: 'true',
    send_notification: 'perhaps',
  };

  it.each([
    ['JSON', (id: string) => ({ id, ...person })],
    ['a form', (id: string) => String(new URLSearchParams({ contact_id: id, ...person }))],
  ])('in %s', async (_name, body) => {
    const { id, user } = await newUser(test, crm);
    for (const action of ['update', 'add', 'update_tags']) {
      const answer = await send(action, body(id));
      expect(answer.body.data).toMatchObject({ result: 'unchanged', user_id: user.id, warnings: [] });
    }
    const added = newContact(test, crm);
    expect((await send('add', body(added))).body.data).toMatchObject({
      result: 'created',
      warnings: [],
    });
    expect(await existingUser(test, crm, added)).toMatchObject({ role: 'subscriber', effects: {} });
  });

  it('are some when the body says what is to be done', async () => {
    const { id } = await newUser(test, crm);
    const body = { id, wpf_action: 'update', role: 'Editor' };
    expect((await send('update', body)).body.data.result).toBe('updated');
    expect(await existingUser(test, crm, id)).toMatchObject({ role: 'editor' });
  });
});

describe('an id that was not filled in', () => {
  it.each(['add', 'update', 'update_tags', 'test'])(
    'is 400 for %s, without a call of the CRM',
    async (action) => {
      const before = calls();
      for (const answer of [
        await send(action, { id: placeholder }),
        await send(action, [{ id: placeholder }]),
        await send(action, '', { contact_id: placeholder }),
        await send(action, {}, { contact_id: placeholder, async: 'true' }),
      ]) {
        expect([answer.status, answer.body.error.code]).toEqual([400, 'template_not_filled']);
        expect(answer.body.error.message).toContain('placeholder');
      }
      expect(calls()).toBe(before);
    },
  );

  it('in the URL is ignored, with a warning, if the body has one', async () => {
    const id = newContact(test, crm);
    const query = { contact_id: placeholder, role: '{{ person.role }}' };
    const { body } = await send('add', { id }, query);
    expect(body.data).toMatchObject({
      result: 'created',
      contact_id: id,
      warnings: ['template_not_filled:contact_id', 'template_not_filled:role'],
    });
    expect(await existingUser(test, crm, id)).toMatchObject({ role: 'subscriber' });
  });

  it('nor an address, is no address', async () => {
    const { id } = await newUser(test, crm);
    const query = { email: '{{ person.email }}' };
    expect((await send('update', { id }, query)).body.data).toMatchObject({
      result: 'unchanged',
      warnings: ['template_not_filled:email'],
    });
    expect((await send('update', '', query)).body.error.code).toBe('template_not_filled');
  });

  it('is left out of a batch, with a warning, and told with a queued webhook too', async () => {
    const ids = [newContact(test, crm), newContact(test, crm)];
    const list = [...ids, placeholder, placeholder].map((id) => ({ id }));
    const batch = await send('add', list);
    expect(batch.body.data).toMatchObject({ result: 'queued', warnings: ['template_not_filled:2'] });
    expect(batch.body.data.job_ids).toHaveLength(2);
    const queued = await send('add', { id: newContact(test, crm) }, { async: '1', 'role[]': 'x' });
    expect(queued.body.data).toMatchObject({ result: 'queued', warnings: ['parameter_unknown:role[]'] });
    await test.idle();
  });
});

describe('parameters', () => {
  it('out of HTML are read without amp;', async () => {
    const id = newContact(test, crm);
    const url = new URL(test.stack.webhook);
    url.search = `?wpf_action=add&amp;access_key=${keyOf(test)}&amp;contact_id=${id}&amp;role=editor`;
    const answer = await fetch(url);
    expect(await answer.json()).toMatchObject({ data: { result: 'created', contact_id: id, warnings: [] } });
    expect(await existingUser(test, crm, id)).toMatchObject({ role: 'editor' });
  });

  it('that look like ours and are none give a warning, in the log too, and do nothing', async () => {
    const id = newContact(test, crm);
    const query = {
      'role[]': 'editor',
      'role[x@example.com]': 'y',
      'send-notification': 'true',
      utm_source: 'x',
    };
    const { body, text } = await send('add', { id }, query);
    const warnings = ['parameter_unknown:role[]', 'parameter_unknown:send-notification'];
    expect(body.data).toMatchObject({ result: 'created', warnings });
    expect(text).not.toContain('x@example.com');
    expect(test.log.at(-1)).toMatchObject({ warnings });
    expect(await existingUser(test, crm, id)).toMatchObject({ role: 'subscriber', effects: {} });
  });
});
