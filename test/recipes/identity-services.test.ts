import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import {
  environment,
  newAddress,
  newPerson,
  password,
  recipe,
  useRecipeSite,
  useUpTries,
  without,
} from './recipe-site.ts';

useRecipeSite();

interface CognitoEvent {
  triggerSource: string;
  userName: string;
  request: { password?: string; validationData?: { ip: string } };
  response: object;
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html */
async function migrate(triggerSource: string, userName: string, request: CognitoEvent['request'] = {}) {
  const { handler } = await recipe<{ handler: (event: CognitoEvent) => Promise<CognitoEvent> }>(
    'cognito-user-migration.mjs',
  );
  const event = {
    version: '1',
    triggerSource,
    region: 'eu-west-1',
    userPoolId: 'eu-west-1_example',
    userName,
    request,
    response: {},
  };
  return (await handler(event)).response;
}

describe('Cognito', () => {
  const attributes = ({ id, email }: { id: string; email: string }) => ({
    email,
    email_verified: 'true',
    'custom:usher_id': id,
  });

  it('brings over who logs in', async () => {
    const user = await newPerson();
    expect(await migrate('UserMigration_Authentication', user.login, { password })).toEqual({
      userAttributes: attributes(user),
      finalUserStatus: 'CONFIRMED',
      messageAction: 'SUPPRESS',
    });
    await expect(migrate('UserMigration_Authentication', user.login, { password: 'wrong' })).rejects.toThrow(
      'Wrong username',
    );
  });

  it('counts tries by the address that a server has told, else by login', async () => {
    const user = await newPerson();
    const ip = newAddress();
    await useUpTries(user, ip);
    const request = { password, validationData: { ip } };
    // Whoever may log in without your server says there what they like.
    expect(await migrate('UserMigration_Authentication', user.login, request)).toHaveProperty(
      'userAttributes',
    );
    process.env['TRUST_CLIENT_METADATA'] = 'true';
    await expect(migrate('UserMigration_Authentication', user.login, request)).rejects.toThrow(
      'Try again later',
    );
    expect(await migrate('UserMigration_Authentication', user.login, { password })).toHaveProperty(
      'userAttributes',
    );
  });

  it('brings over who has forgotten the password, and nobody else', async () => {
    const user = await newPerson();
    expect(await migrate('UserMigration_ForgotPassword', user.email)).toEqual({
      userAttributes: attributes(user),
      messageAction: 'SUPPRESS',
    });
    await expect(migrate('UserMigration_ForgotPassword', 'nobody@example.com')).rejects.toThrow(
      'Wrong username',
    );
  });
});

class WrongUsernameOrPasswordError extends Error {
  override name = 'WrongUsernameOrPasswordError';
}

/** Runs a script as Auth0 does: globals, and a callback. */
async function auth0(
  script: string,
  call: string,
  { settings = environment, ...values }: Record<string, unknown> & { settings?: object },
) {
  const code = await readFile(`docs/recipes/${script}`, 'utf8');
  return new Promise((resolve) => {
    const callback = (error: Error | null, profile?: object) =>
      resolve(error ? { error: error.name } : { profile });
    const require = createRequire(import.meta.url);
    const globals = {
      fetch,
      AbortSignal,
      URLSearchParams,
      require,
      configuration: settings,
      WrongUsernameOrPasswordError,
    };
    runInNewContext(`${code}\n${call}`, { ...globals, ...values, callback });
  });
}

describe('Auth0', () => {
  const logIn = (login: string, typed: string, settings?: object) =>
    auth0('auth0-login.js', 'login(who, password, callback)', {
      who: login,
      password: typed,
      ...(settings ? { settings } : {}),
    });
  const getUser = (email: string, settings?: object) =>
    auth0('auth0-get-user.js', 'getByEmail(email, callback)', { email, ...(settings ? { settings } : {}) });

  it('logs in', async () => {
    const { id, email, login } = await newPerson();
    expect(await logIn(login, password)).toEqual({
      profile: {
        user_id: id,
        email,
        email_verified: true,
        username: login,
        app_metadata: { tags: ['customer'] },
      },
    });
    expect(await logIn(login, 'wrong')).toEqual({ error: 'WrongUsernameOrPasswordError' });
  });

  it('finds a user by address, and nobody is no error', async () => {
    const { id, email } = await newPerson();
    expect(await getUser(email)).toMatchObject({ profile: { user_id: id, email } });
    expect(await getUser('nobody@example.com')).toEqual({ profile: undefined });
  });

  it.each([
    ['does not answer', () => without],
    ['refuses the key', () => ({ ...environment, USHER_SITE_KEY: 'wrong' })],
  ])('knows nobody while Usher %s', async (_name, settings) => {
    const { email } = await newPerson();
    expect(await logIn(email, password, settings())).toEqual({ error: 'Error' });
    expect(await getUser(email, settings())).toEqual({ error: 'Error' });
  });
});
