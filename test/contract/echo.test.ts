import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import { createIo, type Io, type IoCall } from '../support/io.ts';
import { workOff } from '../support/jobs.ts';
import { noteSecret } from '../support/leaks.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { patient, withConnections } from './configs.ts';
import { crms, existingUser, fieldInCrm, newUser, passwordField } from './contacts.ts';

interface Watched {
  test: TestStack;
  io: Io;
}

async function watched(config: typeof patient): Promise<Watched> {
  const io = createIo();
  return { io, test: await startTestStack({ config, withPoller: false, adjust: io.adjust }) };
}

let asConfigured: Watched;
let oneField: Watched;
beforeAll(async () => {
  asConfigured = await watched(patient);
  // The password that the CRM may supply stands where the generated one is returned to.
  const oneFieldOf = withConnections((given) => ({
    ...given,
    fields: {
      ...given.fields,
      user_pass: { field: passwordField[given.crm as TestedCrm], type: 'text', clearWhenEmpty: false },
    },
  }));
  oneField = await watched(oneFieldOf);
});
afterAll(async () => {
  for (const { test } of [asConfigured, oneField]) await test.stop();
});
afterEach(() => {
  for (const { test, io } of [asConfigured, oneField]) {
    io.after = undefined;
    for (const crm of crms) test[crm].webhooks.clear();
  }
});

const table = {
  reads: ['Get', 'BatchGet'],
  writes: ['Put', 'Update', 'Delete', 'TransactWrite', 'BatchWrite'],
};

/** The job that returned the password marks it as done while the echo is under way. */
const isFinish = ({ input }: IoCall) => JSON.stringify(input).includes('REMOVE effects.#effect');

/** The webhook of the echo finds nothing to write. */
const isLook = ({ input }: IoCall) => JSON.stringify(input).includes('ADD looks');

/** When the CRM has its answers to everything that it has sent. */
async function answered(sandbox: Sandbox) {
  for (let looks = 0; looks < 500; looks += 1) {
    const [webhook] = sandbox.webhooks.list();
    if (webhook?.underWay === 0) return webhook;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The endpoint does not answer.');
}

describe.each(['add', 'update'])('%s', (action) => {
  it.each([
    ['as configured', () => asConfigured],
    ['the field being mapped to user_pass', () => oneField],
  ])('%s: the echo changes nothing and is the only one', async (_name, which) => {
    const { test, io } = which();
    const url = new URL(test.stack.webhook);
    url.search = new URLSearchParams({
      wpf_action: action,
      access_key: String(test.stack.connections[crm]?.accessKey),
      send_notification: 'true',
    }).toString();
    test[crm].webhooks.register({ url: url.href, limit: 20 });
    const { id, user } = await newUser(test, crm, { tags: ['a'], firstName: 'Ada' });
    const mails = test.ses.mails.length;
    // From the moment that the CRM has the password on.
    io.after = ({ service, name }) => {
      if (service === 'crm' && name !== 'GET') io.clear();
    };
    expect(await workOff(test)).toEqual(['done']);
    const webhook = await answered(test[crm]);
    expect(webhook).toMatchObject({ sent: 1, heldBack: 0, failed: 0, answers: { 200: 1 } });

    const lines = test.log.filter((line) => line['contact_id'] === id && line['result'] === 'unchanged');
    expect(lines).toMatchObject([{ action, result: 'unchanged', status: 200 }]);
    expect(io.count('crm')).toBe(1);
    expect(io.count('dynamodb', ...table.reads)).toBe(2);
    const writes = io.calls.filter(
      ({ service, name }) => service === 'dynamodb' && table.writes.includes(name),
    );
    expect(writes.map((write) => [isFinish(write), isLook(write)])).toEqual(
      expect.arrayContaining([
        [true, false],
        [false, true],
      ]),
    );
    expect(writes).toHaveLength(2);
    expect(test.ses.mails).toHaveLength(mails);

    // Nothing is left that could call again.
    expect(await workOff(test)).toEqual([]);
    expect(await answered(test[crm])).toEqual(webhook);
    const password = String(fieldInCrm(test, crm, id, passwordField[crm]));
    noteSecret(password);
    expect(password).toMatch(/^[A-Za-z0-9]{16,}$/);
    const after = await existingUser(test, crm, id);
    const { passwordHash, passwordSetAt } = after;
    expect(after).toEqual({ ...user, effects: {}, passwordHash, passwordSetAt, looks: 1 });
    expect(JSON.stringify(after)).not.toContain(password);
  });
});
