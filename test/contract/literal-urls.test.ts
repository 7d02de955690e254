import { describe, expect, it } from '@jest/globals';
import { test, useTestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { request } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { changeContact, crms, existingUser, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: patient });

/** What the two pages tell a marketer to set up: method, headers and body as they arrive. */
const posts: Record<
  TestedCrm,
  (id: string, email: string) => { headers: Record<string, string>; body: string }
> = {
  // https://wpfusion.com/documentation/webhooks/encharge-webhooks/
  encharge: (id) => ({ headers: { 'content-type': 'application/json' }, body: `{"id":"${id}"}` }),
  // https://wpfusion.com/documentation/webhooks/userengage/
  userengage: (id, email) => ({
    headers: {},
    body: `{"path": 6, "timestamp": "2026-03-14T15:09:26.535897+00:00", "extra": {}, "user": {"id": ${id}, "key": "key000000042", "name": "Somebody Else", "email": "${email}", "phone_number": null, "tags": []}}`,
  }),
};

function post(crm: TestedCrm, literalUrl: string, id: string) {
  const { pathname, search } = new URL(literalUrl);
  const key = String(test.stack.connections[crm]?.accessKey);
  const path = `${pathname}${search.replace('YOURACCESSKEY', key)}`;
  return request(test, { method: 'POST', path, ...posts[crm](id, newEmail()) });
}

describe.each(crms)('%s: the documented URLs, as this CRM posts to them', (crm) => {
  it.each([
    [
      'https://mydomain.com/?wpf_action=update_tags&access_key=YOURACCESSKEY',
      'update_tags',
      ['new'],
      undefined,
    ],
    ['https://mydomain.com/?wpf_action=update&access_key=YOURACCESSKEY', 'update', ['new'], 'Paris'],
  ])('%s', async (url, method, tags, city) => {
    const { id, user } = await newUser(test, crm, { tags: ['old'] });
    changeContact(test, crm, id, { tags: ['new'], city: 'Paris' });
    const answer = await post(crm, url, id);
    expect(answer.status).toBe(200);
    const data = { user_id: user.id, method, result: 'updated', contact_id: id, warnings: [] };
    expect(answer.body).toEqual({ success: true, data });
    expect(await test.userOf(crm, id)).toMatchObject({ id: user.id, tags, email: user.email });
    expect((await existingUser(test, crm, id)).fields['city']).toBe(city);
  });

  it.each([
    ['https://mydomain.com/?wpf_action=add&access_key=YOURACCESSKEY', 'subscriber', 0],
    ['https://mydomain.com/?wpf_action=add&access_key=YOURACCESSKEY&send_notification=true', 'subscriber', 1],
    ['https://mydomain.com/?wpf_action=add&access_key=YOURACCESSKEY&role=customer', 'customer', 0],
  ])('%s', async (url, role, mails) => {
    const email = newEmail();
    const id = newContact(test, crm, { email, tags: ['Import to WordPress'] });
    const answer = await post(crm, url, id);
    const user = await existingUser(test, crm, id);
    expect(answer.status).toBe(200);
    const data = { user_id: user.id, method: 'add', result: 'created', contact_id: id, warnings: [] };
    expect(answer.body).toEqual({ success: true, data });
    expect(user).toMatchObject({ email, login: email, role, tags: ['Import to WordPress'] });
    await test.idle();
    expect(test.ses.mails.filter(({ to }) => to.includes(email))).toHaveLength(mails);
  });
});
