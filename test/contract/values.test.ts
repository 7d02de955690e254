import { describe, expect, it } from '@jest/globals';
import type { Transport } from '../../functions/crm/transport.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withConnections } from './configs.ts';
import { type ContactDraft, changeContact, type crms, existingUser, newUser } from './contacts.ts';

/** What the CRM answers of a person besides what its sandbox holds. */
let besides: object = {};
const wider =
  (transport: Transport): Transport =>
  async (request, signal) => {
    const response = await transport(request, signal);
    const answer = JSON.parse(response.body);
    const wide = Array.isArray(answer.users)
      ? { users: answer.users.map((user: object) => ({ ...user, ...besides })) }
      : { ...answer, ...besides };
    return { ...response, body: JSON.stringify(wide) };
  };

const bio = { type: 'text', clearWhenEmpty: false } as const;
useTestStack({
  config: withConnections(({ returnPassword: _none, ...connection }) => ({
    ...connection,
    fields: {
      ...connection.fields,
      bio: { ...bio, field: 'bio' },
      story: { ...bio, field: 'story', maxLength: 300_000 },
      second: { ...bio, field: 'second', maxLength: 300_000 },
    },
  })),
  adjust: (services: Services) => ({ ...services, transport: wider(services.transport) }),
});

const full: ContactDraft = { firstName: 'Ada', city: 'London', tags: ['a'], custom: { orders: 42 } };

/** What an update makes of values that come beside the contact's own. */
async function updated(crm: (typeof crms)[number], values: object) {
  const { id } = await newUser(test, crm, full);
  changeContact(test, crm, id, { city: 'Paris', tags: ['b'] });
  besides = values;
  try {
    const { status, body } = await webhook(test, crm, 'update', id);
    return { status, data: body.data, user: await existingUser(test, crm, id) };
  } finally {
    besides = {};
  }
}

describe('length comes first', () => {
  const digits = `${'1'.repeat(60_000)}x`;
  const names = ['orders', 'score', 'birthday', 'lastSeen', 'vip', 'bio'];
  const keys = ['orders', 'score', 'birthday', 'last_seen', 'vip', 'bio'];

  it('sixty thousand digits and a letter keep nothing else from being applied', async () => {
    const { status, data, user } = await updated(
      crm,
      Object.fromEntries(names.map((name) => [name, digits])),
    );
    expect([status, data.result]).toEqual([200, 'updated']);
    expect(data.warnings.toSorted()).toEqual(keys.map((key) => `field_invalid:${key}`).toSorted());
    expect(user).toMatchObject({ fields: { orders: 42, city: 'Paris' }, tags: ['b'] });
  });

  it('a text has 16 KB, or what its field says', async () => {
    const [bio, story] = ['x'.repeat(16_384), 'x'.repeat(300_000)];
    expect((await updated(crm, { bio, story })).user.fields).toMatchObject({ bio, story });
    const { data, user } = await updated(crm, { bio: `${bio}x`, story: `${story}x` });
    expect(data.warnings).toEqual(['field_invalid:bio', 'field_invalid:story']);
    expect(user.fields).toMatchObject({ city: 'Paris' });
    expect(Object.keys(user.fields)).not.toContain('bio');
  });

  it('what does not fit into the user is left out, and the rest is applied', async () => {
    const { status, data, user } = await updated(crm, {
      story: 'x'.repeat(250_000),
      second: 'y'.repeat(260_000),
    });
    expect([status, data.warnings]).toEqual([200, ['field_invalid:second']]);
    expect(user).toMatchObject({ fields: { city: 'Paris', story: 'x'.repeat(250_000) }, tags: ['b'] });
  });

  it('tags that do not fit by themselves are 422, and change nothing', async () => {
    const { id, user } = await newUser(test, crm, full);
    changeContact(test, crm, id, { tags: Array.from({ length: 500 }, (_, n) => `${n} ${'t'.repeat(1000)}`) });
    const { status, body } = await webhook(test, crm, 'update', id);
    expect([status, body.error.code]).toEqual([422, 'contact_too_large']);
    expect(await existingUser(test, crm, id)).toEqual(user);
  });
});

describe('an empty value is no value', () => {
  it('null in a list', async () => {
    const { data, user } = await updated(crm, { bio: ['a', null, 'b'], interests: [null, 'engines', ''] });
    expect(data.warnings).toEqual([]);
    expect(user.fields).toMatchObject({ bio: 'a, b', interests: ['engines'] });
  });

  it('tags that are null are none', async () => {
    const { status, user } = await updated(crm, { tags: null });
    expect([status, user.tags]).toEqual([200, []]);
  });
});
