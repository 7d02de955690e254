import { createServer, type RequestListener, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { closeServer, listenOnLoopback } from '../../lib/dev/loopback-server.ts';
import {
  changePassword,
  environment,
  newPerson,
  password,
  recipe,
  useRecipeSite,
  useUpTries,
  without,
} from './recipe-site.ts';

useRecipeSite();

let server: Server;
let site: string;
beforeAll(async () => {
  const { app } = await recipe<{ app: RequestListener }>('express.mjs');
  server = createServer(app);
  site = `http://127.0.0.1:${await listenOnLoopback(server, 0, 'the site')}`;
});
afterAll(() => closeServer(server));

const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

const logIn = (login: string, typed = password, cookie = '') =>
  fetch(`${site}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body: new URLSearchParams({ login, password: typed }),
  });
const course = (cookie: string) => fetch(`${site}/course`, { redirect: 'manual', headers: { cookie } });

describe('Express', () => {
  it('logs in, into another session than before', async () => {
    const { login } = await newPerson();
    const first = await logIn(login);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const again = await logIn(login, password, cookieOf(first));
    expect(cookieOf(again)).not.toBe(cookieOf(first));
    const page = await course(cookieOf(again));
    expect([page.status, await page.text()]).toEqual([200, 'Hello Ada']);
  });

  it('lets in nobody with a wrong password, and nobody without a login', async () => {
    const { login } = await newPerson();
    expect((await logIn(login, 'wrong')).status).toBe(401);
    expect((await logIn('')).status).toBe(401);
    expect((await course('')).headers.get('location')).toBe('/login');
  });

  it('says when to try again', async () => {
    const user = await newPerson();
    await useUpTries(user, '127.0.0.1');
    const response = await logIn(user.login);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(600);
  });

  it('shows a page to people with its tag only', async () => {
    const { login } = await newPerson({ tags: ['newsletter'] });
    expect((await course(cookieOf(await logIn(login)))).status).toBe(403);
  });

  it('ends sessions when another password is set', async () => {
    const user = await newPerson();
    const cookie = cookieOf(await logIn(user.login));
    await changePassword(user);
    expect((await course(cookie)).headers.get('location')).toBe('/login');
    expect((await course(cookie)).status).toBe(303);
  });

  it('lets in nobody while Usher does not answer', async () => {
    const quiet = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { login } = await newPerson();
    Object.assign(process.env, without);
    const response = await logIn(login);
    Object.assign(process.env, environment);
    quiet.mockRestore();
    expect(response.status).toBe(503);
  });
});
