import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add } from '../../functions/actions/add.ts';
import { update, updateTags } from '../../functions/actions/update.ts';
import { runEffects } from '../../functions/effects/run-effects.ts';
import { UsherError } from '../../functions/errors.ts';
import type { EffectsJob } from '../../functions/jobs/job.ts';
import { secureRandom } from '../../functions/random.ts';
import { findById } from '../../functions/users/find.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import type { User } from '../../functions/users/user.ts';
import {
  create,
  encharge,
  ports,
  requestFor,
  setContact,
  useActionPorts,
} from '../integration/action-ports.ts';
import { newEmail } from '../integration/contacts.ts';
import { sesWith } from '../integration/effect-ports.ts';

useActionPorts();

/** What happens: a contact gets an address, a webhook comes in, or time passes and jobs are worked off. */
const step = fc.record({
  who: fc.nat(1),
  address: fc.option(fc.nat(2), { nil: undefined }),
  action: fc.constantFrom('add', 'update', 'update_tags', 'update by address', 'update_tags by address'),
  minutes: fc.constantFrom(0, 6),
  setsPassword: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
const beginning = fc.record({
  role: fc.constantFrom('subscriber', 'administrator'),
  link: fc.constantFrom('first', 'another CRM', 'none'),
});

interface World {
  addresses: string[];
  contacts: string[];
  /** Who has set each user's password, as its mailbox. */
  setBy: Map<string, string>;
  keys: { mailbox: string; userId: string; key: string }[];
  users: Set<string>;
}

function send({ who, action, address }: Step, { addresses, contacts }: World) {
  const [word, byAddress] = action.split(' by ');
  const request = {
    ...requestFor(String(contacts[who]), { sendNotification: true }),
    ...(byAddress ? { email: String(addresses[address ?? 0]) } : {}),
  };
  if (word === 'add') return add(request, ports);
  return word === 'update'
    ? update({ ...request, action: 'update' }, ports)
    : updateTags({ ...request, action: 'update_tags' }, ports);
}

/** Does what is pending; every mail is read by its mailbox, which takes the key. */
async function workOff(world: World): Promise<void> {
  const jobs = ports.jobs.sent.splice(0).filter((job): job is EffectsJob => job.kind === 'effects');
  for (const job of jobs) {
    const mails = sesWith((input) => {
      const mailbox = String(input.Destination?.ToAddresses?.[0]);
      const key = /key=([\w-]+)/.exec(input.Message?.Body?.Text?.Data ?? '')?.[1];
      if (key) world.keys.push({ mailbox, userId: job.userId, key });
      return Promise.resolve();
    });
    const effectPorts = {
      ...ports,
      crm: () => undefined,
      ses: mails,
      apiToken: () => Promise.resolve('token'),
    };
    try {
      await runEffects(job, effectPorts);
    } catch (error) {
      if (!(error instanceof UsherError) || !error.retryable) throw error;
      // Once more later, as the queue does.
      if (error.code === 'effect_not_due') ports.jobs.sent.push(job);
    }
  }
}

/** Everybody who has a key tries it. */
async function setPasswords({ keys, setBy }: World): Promise<void> {
  for (const { mailbox, userId, key } of keys.splice(0)) {
    const given = { userId, key, password: mailbox };
    if (await setPasswordWithKey(ports.users, secureRandom, given)) setBy.set(userId, mailbox);
  }
}

async function expectOwnCredentials({ users, setBy }: World, privileged: User | undefined): Promise<void> {
  for (const id of users) {
    const user = await findById(ports.users, id);
    const setter = user?.passwordHash === undefined ? undefined : setBy.get(id);
    if (setter !== undefined) expect(setter).toBe(user?.email);
  }
  if (!privileged) return;
  const now = await findById(ports.users, privileged.id);
  const { email, login, contacts, role } = privileged;
  expect(now).toMatchObject({ email, login, role });
  expect(now?.contacts).toEqual(contacts);
}

async function happens({ role, link }: { role: string; link: string }, steps: readonly Step[]) {
  const addresses = ['one', 'two', 'three'].map(newEmail);
  const contacts = addresses.slice(0, 2).map((email) => `contact of ${email}`);
  const [email = '', other = ''] = addresses;
  const [first = '', second = ''] = contacts;
  const links = { first: { [encharge]: first }, 'another CRM': { userengage: `1 ${email}` }, none: {} };
  const user = await create({
    email,
    login: email,
    role,
    contacts: links[link as keyof typeof links],
    welcomeAsked: ports.now().toISOString(),
  });
  setContact(ports, first, { email });
  setContact(ports, second, { email: other });
  const world: World = { addresses, contacts, setBy: new Map(), keys: [], users: new Set([user.id]) };
  for (const one of steps) {
    if (one.address !== undefined)
      setContact(ports, String(contacts[one.who]), { email: addresses[one.address] }, [`tag ${one.address}`]);
    try {
      world.users.add(String((await send(one, world)).userId));
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
    }
    ports.users.time = new Date(ports.users.time.getTime() + one.minutes * 60_000 + 1);
    await workOff(world);
    if (one.setsPassword) await setPasswords(world);
    await expectOwnCredentials(world, role === 'administrator' ? user : undefined);
  }
}

it('no account has a password that another mailbox has set, and no privileged user moves or is linked', async () => {
  const steps = fc.array(step, { minLength: 3, maxLength: 8 });
  await fc.assert(fc.asyncProperty(beginning, steps, happens), { numRuns: 60 });
}, 120_000);
