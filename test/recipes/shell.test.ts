import { describe, expect, it } from '@jest/globals';
import {
  isHere,
  newAddress,
  newPerson,
  password,
  run,
  useRecipeSite,
  useUpTries,
  without,
} from './recipe-site.ts';

useRecipeSite();

const isTried = isHere('curl') && isHere('jq');
const logIn = (login: string, ip: string, input = password, more = {}) =>
  run(['docs/recipes/login.sh', login, ip], { input, ...more });
const hasTag = (id: string, tag: string, more = {}) => run(['docs/recipes/only-with-tag.sh', id, tag], more);

(isTried ? describe : describe.skip)(
  `curl${isTried ? '' : ' (skipped: there is no curl or no jq here)'}`,
  () => {
    it('prints who it is', async () => {
      const { login, id } = await newPerson();
      const { code, out, err } = await logIn(login, newAddress());
      expect({ code, err, user: JSON.parse(out) as unknown }).toMatchObject({
        code: 0,
        err: '',
        user: { id, login },
      });
    });

    it('tells a wrong login from too many tries and from an Usher that does not answer', async () => {
      const user = await newPerson();
      const ip = newAddress();
      expect(await logIn(user.login, ip, 'wrong')).toMatchObject({ code: 1, out: '' });
      await useUpTries(user, ip);
      expect(await logIn(user.login, ip)).toMatchObject({ code: 3, out: '' });
      expect(await logIn(user.login, ip, password, { env: without })).toMatchObject({ code: 2, out: '' });
      const wrongKey = { ...without, USHER_URL: process.env['USHER_URL'] ?? '', USHER_SITE_KEY: 'wrong' };
      expect(await logIn(user.login, ip, password, { env: wrongKey })).toMatchObject({ code: 2, out: '' });
    });

    it('says whether somebody has a tag', async () => {
      const { id } = await newPerson();
      expect(await hasTag(id, 'customer')).toEqual({ code: 0, out: '', err: '' });
      expect(await hasTag(id, 'vip')).toEqual({ code: 1, out: '', err: '' });
      expect(await hasTag('nobody', 'customer')).toEqual({ code: 1, out: '', err: '' });
      expect((await hasTag(id, 'customer', { env: without })).code).toBe(2);
    });
  },
);
