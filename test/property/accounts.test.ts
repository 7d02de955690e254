import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add } from '../../functions/actions/add.ts';
import type { ActionPorts } from '../../functions/actions/ports.ts';
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

const lesser = 'userengage';

/** What happens: a contact gets an address, a webhook comes in, or time passes and jobs are worked off. */
const step = fc.record({
  /** Two contacts of each CRM. */
  who: fc.nat(3),
  address: fc.option(fc.nat(2), { nil: undefined }),
  action: fc.constantFrom(
    'add',
    'add',
    'update',
    'update',
    'update_tags',
    'update by address',
    'update_tags by address',
  ),
  minutes: fc.constantFrom(0, 6),
  setsPassword: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
const beginning = fc.record({
  role: fc.constantFrom('subscriber', 'subscriber', 'administrator'),
  link: fc.constantFrom('first', 'of the other CRM', 'both', 'both', 'none'),
  linkByEmail: fc.boolean(),
});
type Beginning = typeof beginning extends fc.Arbitrary<infer Value> ? Value : never;

interface World {
  addresses: string[];
  contacts: string[];
  linkByEmail: boolean;
  /** Who has set each user's password, as its mailbox. */
  setBy: Map<string, string>;
  keys: { mailbox: string; userId: string; key: string }[];
  users: Set<string>;
}

/** What a webhook of one of the two CRMs works with. Each knows its own contacts only. */
function portsOf(connection: string, { linkByEmail }: World): ActionPorts {
  const settings = ports.config.connections[connection];
  if (!settings) throw new Error('The configuration has no such connection.');
  const crm: ActionPorts['crm'] = {
    ...ports.crm,
    loadByEmail: (email) =>
      Promise.resolve(
        [...ports.contacts.values()].find(
          ({ id, fields }) => id.startsWith(connection) && fields.get('email') === email,
        ),
      ),
  };
  return { ...ports, crm, connection: { ...settings, linkByEmail: connection !== lesser || linkByEmail } };
}

const connectionOf = ({ who }: Step) => (who < 2 ? encharge : lesser);

function send(step: Step, world: World) {
  const { who, action, address } = step;
  const [word, byAddress] = action.split(' by ');
  const connection = connectionOf(step);
  const request = {
    ...requestFor(String(world.contacts[who]), { connection, sendNotification: true }),
    ...(byAddress ? { email: String(world.addresses[address ?? 0]) } : {}),
  };
  const own = portsOf(connection, world);
  if (word === 'add') return add(request, own);
  return word === 'update'
    ? update({ ...request, action: 'update' }, own)
    : updateTags({ ...request, action: 'update_tags' }, own);
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

const usersOf = ({ users }: World) => Promise.all([...users].map((id) => findById(ports.users, id)));

/** What a CRM that does not link by address must not change: address and links of whoever another CRM knows. */
async function keptFrom(step: Step, world: World): Promise<Map<string, Pick<User, 'email' | 'contacts'>>> {
  if (world.linkByEmail || connectionOf(step) !== lesser) return new Map();
  const others = (await usersOf(world)).filter((user) => user?.contacts[encharge] !== undefined);
  return new Map(
    others.map((user) => [String(user?.id), { email: user?.email ?? '', contacts: user?.contacts ?? {} }]),
  );
}

async function happens({ role, link, linkByEmail }: Beginning, steps: readonly Step[]) {
  const addresses = ['one', 'two', 'three'].map(newEmail);
  const [email = '', other = ''] = addresses;
  const contacts = [encharge, lesser].flatMap((name) => [
    `${name} first ${email}`,
    `${name} second ${email}`,
  ]);
  const [first = '', second = '', third = '', fourth = ''] = contacts;
  const links = {
    first: { [encharge]: first },
    'of the other CRM': { [lesser]: third },
    both: { [encharge]: first, [lesser]: third },
    none: {},
  };
  const user = await create({
    email,
    login: email,
    role,
    contacts: links[link as keyof typeof links],
    welcomeAsked: ports.now().toISOString(),
  });
  for (const id of [first, third]) setContact(ports, id, { email });
  for (const id of [second, fourth]) setContact(ports, id, { email: other });
  const world: World = {
    addresses,
    contacts,
    linkByEmail,
    setBy: new Map(),
    keys: [],
    users: new Set([user.id]),
  };
  for (const one of steps) {
    if (one.address !== undefined)
      setContact(ports, String(contacts[one.who]), { email: addresses[one.address] }, [`tag ${one.address}`]);
    const kept = await keptFrom(one, world);
    try {
      world.users.add(String((await send(one, world)).userId));
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
    }
    for (const [id, before] of kept) expect(await findById(ports.users, id)).toMatchObject(before);
    ports.users.time = new Date(ports.users.time.getTime() + one.minutes * 60_000 + 1);
    await workOff(world);
    if (one.setsPassword) await setPasswords(world);
    await expectOwnCredentials(world, role === 'administrator' ? user : undefined);
  }
}

it('no account has a password that another mailbox has set, no privileged user moves or is linked, and no CRM gets more than is its', async () => {
  const steps = fc.array(step, { minLength: 3, maxLength: 10 });
  await fc.assert(fc.asyncProperty(beginning, steps, happens), { numRuns: 70 });
}, 240_000);
