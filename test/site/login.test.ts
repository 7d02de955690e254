import { argon2Sync } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { loginLimits, triesOfLogin } from '../../functions/site/login-limits.ts';
import { userKey } from '../../functions/users/items.ts';
import { countTry } from '../../functions/users/tries.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { awsError } from '../integration/store.ts';
import { workOff } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf } from '../support/webhook.ts';
import { api, ask, Clock, goodPassword, invite, ip, linkIn, member, post } from './site.ts';

const clock = new Clock();
useTestStack({
  config: withoutPasswords,
  withPoller: false,
  adjust: (services) => ({
    ...services,
    now: clock.now,
    documents: {
      send: ((command: object, ...rest: []) =>
        command.constructor.name === failing
          ? Promise.reject(awsError('InternalServerError'))
          : services.documents.send(command as never, ...rest)) as typeof services.documents.send,
    } as typeof services.documents,
  }),
});

/** What DynamoDB fails at. */
let failing: string | undefined;
const logIn = (login: string, password: string, from = ip) =>
  api(test, 'login', { login, password, ip: from });
const fails = async (times: number, login: string, from = ip) => {
  for (let count = 0; count < times; count += 1) expect((await logIn(login, 'wrong', from)).status).toBe(401);
};

describe('a login', () => {
  it('says who somebody is, by address or else username, in any case', async () => {
    const { email, user, contactId } = await member(test, goodPassword, {
      tags: ['customer', 'VIP, gold'],
      custom: { user_login: `Ada.${Date.now()}` },
    });
    const stored = await test.userOf(crm, contactId);
    const answer = await logIn(email.toUpperCase(), goodPassword);
    expect(answer.status).toBe(200);
    expect(answer.body.user).toEqual({
      id: user,
      login: stored?.login,
      email,
      role: 'subscriber',
      tags: stored?.tags,
      fields: stored?.fields,
      created: stored?.created,
      updated: stored?.updated,
      password_set_at: stored?.passwordSetAt,
    });
    expect(answer.text).not.toMatch(/argon2|setPassword|passwordHash/);
    expect((await logIn(String(stored?.login).toUpperCase(), goodPassword)).body.user.id).toBe(user);
  });

  it('fails in one way, whatever is wrong', async () => {
    const { email } = await member(test);
    const invited = await invite(test);
    const answers = [
      await logIn(email, 'wrong'),
      await logIn(email, ''),
      await logIn(email, 'x'.repeat(257)),
      await logIn(invited.email, goodPassword),
      await logIn('nobody@example.com', goodPassword),
      await logIn('n'.repeat(300), goodPassword),
    ];
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(401));
    const plain = answers.map(({ body }) => body.error);
    expect(new Set(plain.map((error) => JSON.stringify(error))).size).toBe(1);
    expect(plain[0]).toEqual({ code: 'invalid_login', message: 'Username or password is wrong.' });
  });

  it('takes older passwords that are shorter than today', async () => {
    const { email, user } = await member(test);
    await storeHash(user, phc('short', 19 * 1024, 2));
    expect((await logIn(email, 'short')).status).toBe(200);
  });

  it('renews a hash of other parameters, and it stays the same password', async () => {
    const { email, user, contactId } = await member(test);
    await storeHash(user, phc('an old password', 8 * 1024, 1));
    const before = await test.userOf(crm, contactId);
    expect((await logIn(email, 'an old password')).status).toBe(200);
    const after = await test.userOf(crm, contactId);
    expect(after?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(after?.passwordSetAt).toBe(before?.passwordSetAt);
    expect((await logIn(email, 'an old password')).status).toBe(200);
  });

  it.each([
    ['a light hash of a generated password', 'Aa1Bb2Cc3Dd4Ee5Ff6Gg', 1024, 1],
    ['a full hash of a generated password', 'Aa1Bb2Cc3Dd4Ee5Ff6Gg', 19 * 1024, 2],
  ])('leaves %s as it is', async (_name, password, memory, passes) => {
    const { email, user, contactId } = await member(test);
    const hash = phc(password, memory, passes);
    await storeHash(user, hash);
    expect((await logIn(email, 'wrong')).status).toBe(401);
    expect((await logIn(email, password)).status).toBe(200);
    expect((await test.userOf(crm, contactId))?.passwordHash).toBe(hash);
  });

  it('renews a light hash of a password that somebody chose', async () => {
    const { email, user, contactId } = await member(test);
    await storeHash(user, phc('chosen, and not drawn', 1024, 1));
    expect((await logIn(email, 'chosen, and not drawn')).status).toBe(200);
    expect((await test.userOf(crm, contactId))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await logIn(email, 'chosen, and not drawn')).status).toBe(200);
  });

  it('succeeds with the right password, even if its try cannot be given back', async () => {
    const { email } = await member(test);
    const { documents } = test.stack.services;
    const { send } = documents;
    documents.send = ((command: { input: { UpdateExpression?: string } }, ...rest: never[]) =>
      command.input.UpdateExpression === 'ADD tries :less'
        ? Promise.reject(Object.assign(new Error('throttled'), { $metadata: {} }))
        : (send as (...all: unknown[]) => unknown).call(documents, command, ...rest)) as typeof send;
    try {
      expect((await logIn(email, goodPassword)).status).toBe(200);
    } finally {
      documents.send = send;
    }
  });

  it('ends older sessions when the password is set anew', async () => {
    const person = await member(test);
    const before = (await logIn(person.email, goodPassword)).body.user.password_set_at;
    clock.pass(10);
    await post(test, 'forgot-password', { login: person.email });
    await workOff(test);
    const { user, key } = linkIn(person.mails());
    await post(test, 'set-password', { user, key, password: 'another horse battery' });
    const after = (await logIn(person.email, 'another horse battery')).body.user.password_set_at;
    expect(after > before).toBe(true);
  });
});

const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
function phc(password: string, memory: number, passes: number): string {
  const nonce = Buffer.alloc(16, 7);
  const hash = argon2Sync('argon2id', {
    message: password,
    nonce,
    memory,
    passes,
    parallelism: 1,
    tagLength: 32,
  });
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${unpadded(nonce)}$${unpadded(hash)}`;
}
async function storeHash(userId: string, hash: string): Promise<void> {
  await test.users.documents.send(
    new UpdateCommand({
      TableName: test.users.name,
      Key: userKey(userId),
      UpdateExpression: 'SET passwordHash = :hash',
      ExpressionAttributeValues: { ':hash': hash },
    }),
  );
}

describe('failing logins', () => {
  it.each(['BatchGetCommand', 'GetCommand'])(
    'for want of a table that answers (%s) are none: the right password gets in afterwards',
    async (command) => {
      const { email } = await member(test);
      failing = command;
      const { status } = await logIn(email, goodPassword);
      for (let count = 1; count < 12; count += 1) await logIn(email, goodPassword);
      failing = undefined;
      expect([status, (await logIn(email, goodPassword)).status]).toEqual([503, 200]);
    },
  );

  it('are ten for a login and an address in a quarter of an hour, and others still get in', async () => {
    const { email } = await member(test);
    await fails(10, email);
    const limited = await logIn(email, goodPassword);
    expect([limited.status, limited.body.error.code]).toEqual([429, 'too_many_tries']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(Number(limited.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    expect((await logIn(email, goodPassword, '192.0.2.8')).status).toBe(200);
    clock.pass(16);
    expect((await logIn(email, goodPassword)).status).toBe(200);
  });

  it('tell nobody that an address and a username are one account, nor that either is there', async () => {
    const { email, contactId } = await member(test, goodPassword, {
      custom: { user_login: `both.${Date.now()}` },
    });
    const { login } = (await test.userOf(crm, contactId)) ?? { login: '' };
    await fails(10, email, '192.0.2.20');
    // Whoever has tried the one learns nothing of the other: nobody's two logins are answered like this, too.
    expect((await logIn(login, 'wrong', '192.0.2.20')).status).toBe(401);
  });

  it('are counted together in all spellings of a login, whether anybody has it or not', async () => {
    const { email } = await member(test);
    const nobody = `nobody.${Date.now()}@example.com`;
    for (const login of [email, nobody]) {
      await fails(10, login, '192.0.2.21');
      const spellings = [` ${login} `, login.toUpperCase(), login.replace('@', '\uff20')];
      for (const spelling of spellings) {
        expect((await logIn(spelling, 'wrong', '192.0.2.21')).status).toBe(429);
      }
    }
  });

  it('are counted by the /64 of IPv6, and by the address of IPv4 however it is written', async () => {
    const { email } = await member(test);
    await fails(5, email, '2001:db8:1:2::1');
    await fails(5, email, '2001:db8:1:2:ffff::1');
    expect((await logIn(email, goodPassword, '2001:db8:1:2::3')).status).toBe(429);
    expect((await logIn(email, goodPassword, '2001:db8:1:3::1')).status).toBe(200);
    await fails(10, email, '198.51.100.30');
    expect((await logIn(email, goodPassword, '::ffff:198.51.100.30')).status).toBe(429);
  });

  it('are limited for logins that nobody has, too', async () => {
    const login = `nobody.${Date.now()}@example.com`;
    await fails(10, login, '192.0.2.40');
    expect((await logIn(login.toUpperCase(), 'x', '192.0.2.40')).status).toBe(429);
    expect((await logIn(login, 'x', '192.0.2.41')).status).toBe(401);
  });

  it('are a hundred for a login in an hour, from wherever', async () => {
    const { email } = await member(test);
    const limits = loginLimits(triesOfLogin(email), '198.18.0.1').slice(1, 2);
    for (let count = 0; count < 99; count += 1) await countTry({ ...test.users, now: clock.now }, limits);
    await fails(1, email, '198.19.0.1');
    expect((await logIn(email, goodPassword, '198.19.0.2')).status).toBe(429);
    clock.pass(61);
    expect((await logIn(email, goodPassword, '198.19.0.2')).status).toBe(200);
  });

  it('are a hundred for an address in a quarter of an hour, for whomever', async () => {
    const limits = loginLimits(triesOfLogin('whoever'), '203.0.113.77').slice(2);
    for (let count = 0; count < 99; count += 1) await countTry({ ...test.users, now: clock.now }, limits);
    await fails(1, 'n1@example.com', '203.0.113.77');
    expect((await logIn('n2@example.com', 'x', '203.0.113.77')).status).toBe(429);
    await fails(1, 'n2@example.com', '203.0.113.78');
  });

  it('are forgotten by a success only as far as it was itself counted', async () => {
    const { email } = await member(test);
    await fails(9, email, '192.0.2.50');
    for (let count = 0; count < 5; count += 1) {
      expect((await logIn(email, goodPassword, '192.0.2.50')).status).toBe(200);
    }
    await fails(1, email, '192.0.2.50');
    expect((await logIn(email, goodPassword, '192.0.2.50')).status).toBe(429);
  });

  it('are given back to the span that they were counted in, and to no other', async () => {
    const [limit] = loginLimits(triesOfLogin('spans'), '192.0.2.80');
    if (!limit) throw new Error('There is no limit.');
    const table = { ...test.users, now: clock.now };
    const early = await countTry(table, [limit]);
    clock.pass(16);
    for (let count = 0; count < 10; count += 1) await countTry(table, [limit]);
    if ('giveBack' in early) await early.giveBack();
    expect(await countTry(table, [limit])).toHaveProperty('waitMs');
  });

  it('are forgotten when a password is set, those of the address and those of the username', async () => {
    const person = await member(test, goodPassword, { custom: { user_login: `forgets.${Date.now()}` } });
    const { login } = (await test.userOf(crm, person.contactId)) ?? { login: '' };
    await fails(10, person.email, '192.0.2.60');
    await fails(10, login, '192.0.2.60');
    await post(test, 'forgot-password', { login: person.email });
    await workOff(test);
    const { user, key } = linkIn(person.mails());
    await post(test, 'set-password', { user, key, password: 'another horse battery' });
    for (const name of [person.email, login])
      expect((await logIn(name, 'another horse battery', '192.0.2.60')).status).toBe(200);
  });

  it('of many at once are hashed ten times', async () => {
    const { email } = await member(test);
    const answers = await Promise.all(Array.from({ length: 60 }, () => logIn(email, 'wrong', '192.0.2.70')));
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    // What is limited was not hashed.
    expect([count(401), count(429)]).toEqual([10, 50]);
    expect((await logIn(email, goodPassword, '192.0.2.71')).status).toBe(200);
  });

  it('of a thousand at once get through ten times', async () => {
    const [limit] = loginLimits(triesOfLogin('a thousand'), '192.0.2.72');
    if (!limit) throw new Error('There is no limit.');
    // As many at once as the client has connections.
    const left = Array.from({ length: 1000 }).values();
    let passed = 0;
    const work = async () => {
      for (const _one of left) if ('giveBack' in (await countTry(test.users, [limit]))) passed += 1;
    };
    await Promise.all(Array.from({ length: 50 }, work));
    expect(passed).toBe(10);
  });
});

describe('a key', () => {
  it.each([
    ['none', () => ({})],
    ['a wrong one', () => ({ authorization: 'Bearer wrong' })],
    ['one in another scheme', () => ({ authorization: `Basic ${test.stack.site.key}` })],
    ['the access key of a connection', () => ({ authorization: `Bearer ${keyOf(test)}` })],
    ['one in another header', () => ({ 'x-access-key': test.stack.site.key })],
  ])('that is %s opens nothing', async (_name, headersOf) => {
    for (const path of ['v1/users?email=a@example.com', 'v1/login', 'v1/nothing']) {
      const { status, headers, text } = await ask(test, path, {
        headers: headersOf() as Record<string, string>,
      });
      expect([status, JSON.parse(text).error.code]).toEqual([401, 'invalid_site_key']);
      expect(headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('of the site opens no webhook', async () => {
    const { status } = await ask(test, `?wpf_action=test&access_key=${test.stack.site.key}`);
    expect(status).toBe(403);
  });
});
